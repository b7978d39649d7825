import type { Logger } from "../core/logger.ts";
import type { Orders } from "../core/orders.ts";
import { type Periodic, startPeriodic } from "../service/periodic.ts";
import type { ControlStore } from "../storage/contract/control.ts";

/** What reading orders takes. */
export interface OrdersParts {
  readonly storage: Pick<ControlStore, "readOrders">;
  readonly logger: Logger;
  readonly workerId: string;
  /** What was ordered when the worker began. */
  readonly first: Orders;
  /** True when the names of all queues are wanted too: nobody tells of a new one. */
  readonly names: () => boolean;
  /** True while hints can be relied on. */
  readonly relied: () => boolean;
  /** Something has changed. */
  readonly onOrders: (orders: Orders) => void;
  /** The worker is to drain, and who wants it; called once. */
  readonly onDrain: (by: string | null) => void;
}

/** Short of the two seconds within which orders are followed. */
const everyMs = 1_000;
/** While hints arrive, and heartbeats tell what they do not. */
const rarelyMs = 60_000;

/** Reads what operators have ordered: when a hint says so, and as often as it takes to follow within two seconds without one. */
export function startOrders(parts: OrdersParts): Periodic {
  const { storage, logger, workerId, names, relied } = parts;
  let known = JSON.stringify(parts.first);
  let draining = false;
  let fresh: Orders | undefined = parts.first;

  function follow(orders: Orders): void {
    if (orders.drain !== null && !draining) {
      draining = true;
      parts.onDrain(orders.drain.by);
    }
    const now = JSON.stringify(orders);
    if (now === known) return;
    known = now;
    parts.onOrders(orders);
  }

  return startPeriodic({
    name: "orders",
    logger,
    async run() {
      follow(fresh ?? (await storage.readOrders(workerId, names())));
      fresh = undefined;
      return relied() && !names() ? rarelyMs : everyMs;
    },
  });
}
