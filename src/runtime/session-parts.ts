import type { Client } from "../core/client.ts";
import type { Engine } from "../service/engine.ts";
import type { HandlerBook } from "./handler-book.ts";
import type { OrderBook } from "./order-book.ts";
import type { WorkerSettings } from "./worker-options.ts";

/** What a session is opened with. */
export interface SessionParts {
  readonly client: Client;
  readonly engine: Engine;
  readonly settings: WorkerSettings;
  readonly handlers: HandlerBook;
  readonly orders: OrderBook;
  readonly bootId: string;
  readonly random: () => number;
  /** The registration is dead or gone; called at most once. */
  readonly onLost: () => void;
  /** The registration that was lost before, if this is not the first. */
  readonly replaces: string | undefined;
  /** An operator wants the worker with this registration to drain; may be told more than once. */
  readonly onDrain: (workerId: string, by: string | null) => void;
}
