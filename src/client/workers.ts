import { checkOptions, rule } from "../core/check-options.ts";
import { HoldfastError } from "../core/errors.ts";
import { maintenancePasses } from "../core/maintenance-passes.ts";
import type { OperatorOptions } from "../core/queues-client.ts";
import type { MaintenanceClient, WorkersClient } from "../core/workers-client.ts";
import type { PresenceStore } from "../storage/contract/presence.ts";
import type { WakeupStore } from "../storage/contract/wakeup.ts";
import type { Auditor } from "./audit.ts";
import type { Gate } from "./gate.ts";

/** What workers are looked at and steered with. */
export interface WorkersParts {
  readonly storage: WorkersStorage;
  readonly gate: Gate;
  readonly audit: Auditor;
}

type WorkersStorage = Pick<PresenceStore, "listWorkers" | "drainWorker"> &
  Pick<WakeupStore, "wakeOrders">;

/** `client.workers`. */
export function createWorkers({ storage, gate, audit }: WorkersParts): WorkersClient {
  return {
    list: () => gate.pass("client.workers.list", () => storage.listWorkers()),
    get: (id) =>
      gate.pass("client.workers.get", async () =>
        (await storage.listWorkers()).find((worker) => worker.id === id),
      ),
    drain: (id, options = {}) =>
      gate.pass("client.workers.drain", async () => {
        await drain(storage, id, options);
        await audit({ by: options.by, action: "workers.drain", target: `worker:${id}` });
      }),
  };
}

async function drain(storage: WorkersStorage, id: string, options: OperatorOptions): Promise<void> {
  const call = "client.workers.drain";
  checkOptions(call, options, { by: rule.text });
  if (typeof id !== "string") {
    throw new HoldfastError("INVALID_OPTION", `${call} takes the id of a worker, as text.`);
  }
  if (!(await storage.drainWorker(id, options.by ?? null))) {
    throw new HoldfastError(
      "WORKER_NOT_FOUND",
      `No live worker has the id ${JSON.stringify(id)}; client.workers.list() gives those there are.`,
      { details: { id } },
    );
  }
  await storage.wakeOrders();
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
