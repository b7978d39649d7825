import { defaults } from "../core/defaults.ts";
import type { JobHandler } from "../core/define-job.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Scope } from "../core/limit-options.ts";
import type { Route } from "../core/router.ts";
import type { WorkerDuties } from "../storage/contract/presence.ts";

/** The handlers of one worker, which may change while it runs, and the queues they need. */
export interface HandlerBook {
  get(name: string): JobHandler<never> | undefined;
  /** Queue to how many of its jobs may run at once. */
  queues(): ReadonlyMap<string, number>;
  /** Handler name to the newest payload version it understands; the same object until something changes. */
  versions(): Readonly<Record<string, number>>;
  /** The limits its definitions name. */
  scopes(): readonly Scope[];
  /** True when jobs of one of its definitions have to be let in. */
  gated(): boolean;
  /** What the worker's registration says of it. */
  duties(): WorkerDuties;
  /** @throws {HoldfastError} `DUPLICATE_HANDLER`. */
  add(handler: JobHandler<never>): void;
  /** The handler taken away; `undefined` when there is none of the name. */
  remove(name: string): JobHandler<never> | undefined;
}

/**
 * A book of these handlers; `given` are the queues the application named, instead of those of its definitions. `route` finds
 * the queue of a definition that names none.
 */
export function createHandlerBook(
  handlers: ReadonlyMap<string, JobHandler<never>>,
  given: ReadonlyMap<string, number> | undefined,
  route: Route,
): HandlerBook {
  const byName = new Map(handlers);
  let versions = versionsOf(byName);

  function queues(): ReadonlyMap<string, number> {
    return given ?? queuesOf(byName, route);
  }

  return {
    get: (name) => byName.get(name),
    queues,
    versions: () => versions,
    scopes: () => Array.from(byName.values()).flatMap(({ definition }) => definition.limits),
    gated: () =>
      Array.from(byName.values()).some(
        ({ definition }) => definition.lane !== undefined || definition.limits.length > 0,
      ),
    duties: () => ({ queues: [...queues().keys()], handlers: [...byName.keys()], versions }),
    add(handler) {
      const { name } = handler.definition;
      if (byName.has(name)) throw duplicate(name);
      byName.set(name, handler);
      versions = versionsOf(byName);
    },
    remove(name) {
      const handler = byName.get(name);
      byName.delete(name);
      versions = versionsOf(byName);
      return handler;
    },
  };
}

type Handlers = ReadonlyMap<string, JobHandler<never>>;

function versionsOf(handlers: Handlers): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Array.from(handlers.values(), ({ definition }) => [definition.name, definition.version]),
  );
}

function queuesOf(handlers: Handlers, route: Route): ReadonlyMap<string, number> {
  return new Map(
    Array.from(handlers.values(), ({ definition }) => [
      definition.queue ?? route(definition.name),
      defaults.queueConcurrency,
    ]),
  );
}

function duplicate(name: string): HoldfastError {
  return new HoldfastError(
    "DUPLICATE_HANDLER",
    `This worker has a handler for ${JSON.stringify(name)} already; take it away with worker.remove first.`,
  );
}
