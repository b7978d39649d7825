import type { BulkAction } from "../../../../src/core/operation.ts";
import type { Permission } from "../../../../src/dashboard/access/permission.ts";

/** What each action needs. */
export const actionPermissions: Readonly<Record<BulkAction, Permission>> = {
  retry: "jobs:retry",
  cancel: "jobs:cancel",
  runNow: "jobs:run",
  delete: "jobs:delete",
  move: "jobs:update",
  changePriority: "jobs:update",
};
