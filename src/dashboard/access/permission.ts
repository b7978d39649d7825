/** What somebody may do in the dashboard, one name for each kind of act. */
export const permissions = [
  "read",
  "audit",
  "jobs:cancel",
  "jobs:retry",
  "jobs:run",
  "jobs:enqueue",
  "jobs:update",
  "jobs:delete",
  "queues:pause",
  "queues:update",
  "limits:update",
  "schedules:pause",
  "schedules:run",
  "schedules:update",
  "workers:drain",
] as const;

/** The name of something that may be done. */
export type Permission = (typeof permissions)[number];

/** A set of permissions by its name. */
export type Role = "viewer" | "operator" | "admin";

/**
 * What each role may do: a viewer looks, an operator also stops, repeats and pauses, and an admin changes and removes as well.
 */
export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ["read"],
  operator: [
    "read",
    "audit",
    "jobs:cancel",
    "jobs:retry",
    "jobs:run",
    "queues:pause",
    "schedules:pause",
    "schedules:run",
    "workers:drain",
  ],
  admin: permissions,
};
