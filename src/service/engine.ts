import type { Client } from "../core/client.ts";
import type { Clock } from "../core/clock.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Registry } from "../core/registry.ts";
import type { Route } from "../core/router.ts";
import type { Telemetry } from "../core/telemetry.ts";
import type { Storage } from "../storage/contract/storage.ts";
import type { Bookings } from "./bookings.ts";
import type { JobLog } from "./job-log.ts";
import type { LimitWarnings } from "./limit-warnings.ts";
import type { ScopeBook } from "./scope-book.ts";
import type { TransactionGuard } from "./transaction-guard.ts";

/** What a client and the workers built on it share. */
export interface Engine {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly guard: TransactionGuard;
  readonly bookings: Bookings;
  /** Moments at which a rate lets a waiting job through. */
  readonly refills: Bookings;
  /** Moments at which a schedule ticks. */
  readonly ticks: Bookings;
  readonly scopes: ScopeBook;
  readonly limitWarnings: LimitWarnings;
  readonly jobLog: JobLog;
  /** The queue of jobs that name none. */
  readonly route: Route;
  readonly telemetry: Telemetry | undefined;
}

/** Registered, so that two copies of the package in one process understand each other's clients. */
const key = Symbol.for("holdfast.engine");

/** Puts the engine where `engineOf` finds it and applications do not. */
export function attachEngine<C extends Client>(client: C, engine: Engine): C {
  return Object.defineProperty(client, key, { value: engine });
}

/**
 * The engine of a client.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for anything `createClient` did not make.
 */
export function engineOf(client: Client): Engine {
  const holder: unknown = client;
  const engine: unknown =
    typeof holder === "object" && holder !== null ? Reflect.get(holder, key) : undefined;
  if (engine === undefined) {
    throw new HoldfastError("INVALID_OPTION", "createWorker needs a client made by createClient.");
  }
  return engine as Engine;
}
