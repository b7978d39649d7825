import { maintenancePasses } from "../core/maintenance-passes.ts";
import type { MaintenanceClient, WorkersClient } from "../core/workers-client.ts";
import type { PresenceStore } from "../storage/contract/presence.ts";
import type { Gate } from "./gate.ts";

/** `client.workers`. */
export function createWorkers(
  storage: Pick<PresenceStore, "listWorkers">,
  gate: Gate,
): WorkersClient {
  return {
    list: () => gate.pass("client.workers.list", () => storage.listWorkers()),
    get: (id) =>
      gate.pass("client.workers.get", async () =>
        (await storage.listWorkers()).find((worker) => worker.id === id),
      ),
  };
}

/** `client.maintenance`. */
export function createMaintenance(
  storage: Pick<PresenceStore, "listWorkers">,
  gate: Gate,
): MaintenanceClient {
  return {
    list: () =>
      gate.pass("client.maintenance.list", async () =>
        maintenancePasses(await storage.listWorkers()),
      ),
  };
}
