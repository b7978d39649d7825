import type { WorkerRecord } from "./worker-record.ts";
import type { MaintenancePass } from "./workers-client.ts";

/** What these workers say of their passes: by name, the one that ran last first. */
export function maintenancePasses(
  workers: readonly Pick<WorkerRecord, "id" | "report">[],
): readonly MaintenancePass[] {
  return workers
    .flatMap(({ id, report }) =>
      Object.entries(report?.passes ?? {}).map(([name, pass]) => ({ name, worker: id, ...pass })),
    )
    .toSorted((one, other) =>
      one.name === other.name ? other.ranAt - one.ranAt : one.name < other.name ? -1 : 1,
    );
}
