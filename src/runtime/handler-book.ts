import type { BatchHandler } from "../core/batch.ts";
import { defaults } from "../core/defaults.ts";
import type { JobHandler } from "../core/define-job.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Scope } from "../core/limit-options.ts";
import { isQueuePattern, servedQueues } from "../core/served-queues.ts";
import type { Route } from "../core/router.ts";
import type { WorkerDuties } from "../storage/contract/presence.ts";

/** A handler of either kind. */
export type AnyHandler = JobHandler<never> | BatchHandler<never>;

/** The handlers of one worker, of both kinds, which may change while it runs, and the queues they need. */
export interface HandlerBook {
  /** The handler of a name, whatever its kind. */
  any(name: string): AnyHandler | undefined;
  /** The handler that runs jobs of this name one by one. */
  get(name: string): JobHandler<never> | undefined;
  /** The handler that runs jobs of this name many at a time. */
  getBatch(name: string): BatchHandler<never> | undefined;
  batches(): readonly BatchHandler<never>[];
  /** Of handlers that run jobs one by one: name to the newest payload version understood; the same object until something changes. */
  versions(): Readonly<Record<string, number>>;
  /** Queue to how many of its jobs may run at once. */
  queues(): ReadonlyMap<string, number>;
  /** True when the queues were given by patterns too, so that a new queue may fit. */
  open(): boolean;
  /** Takes in the names of queues there are; resolves when who follows has carried out what that changes. */
  meet(names: readonly string[]): Promise<void>;
  /** The limits its definitions name. */
  scopes(): readonly Scope[];
  /** True when jobs of one of its definitions have to be let in. */
  gated(): boolean;
  /** What the worker's registration says of it; the same object until something changes. */
  duties(): WorkerDuties;
  /**
   * Resolves when who follows has carried it out.
   *
   * @throws {HoldfastError} `DUPLICATE_HANDLER`.
   */
  add(handler: AnyHandler): Promise<void>;
  /** Resolves when who follows has carried it out. */
  remove(name: string): Promise<void>;
  /** Calls back at every change; gives the way to stop that. */
  follow(onChange: () => Promise<void>): () => void;
}

/**
 * A book of these handlers; `given` are the queues the application named, instead of those of its definitions. `route` finds
 * the queue of a definition that names none.
 */
export function createHandlerBook(
  handlers: ReadonlyMap<string, AnyHandler>,
  given: ReadonlyMap<string, number> | undefined,
  route: Route,
): HandlerBook {
  const byName = new Map(handlers);
  const followers = new Set<() => Promise<void>>();
  const met = new Set<string>();
  let page = pageOf(byName, { given, met }, route);

  async function turnPage(): Promise<void> {
    page = pageOf(byName, { given, met }, route);
    await Promise.all(Array.from(followers, (tell) => tell()));
  }

  return {
    any: (name) => byName.get(name),
    get(name) {
      const handler = byName.get(name);
      return handler === undefined || isBatch(handler) ? undefined : handler;
    },
    getBatch: (name) => batchOf(byName.get(name)),
    batches: () => page.batches,
    versions: () => page.versions,
    queues: () => page.queues,
    open: () => given !== undefined && [...given.keys()].some(isQueuePattern),
    async meet(names) {
      for (const name of names) met.add(name);
      const served = given === undefined ? page.queues : servedQueues(given, met);
      if ([...served.keys()].some((queue) => !page.queues.has(queue))) await turnPage();
    },
    scopes: () => page.scopes,
    gated: () => page.gated,
    duties: () => page.duties,
    async add(handler) {
      const { name } = handler.definition;
      if (byName.has(name)) throw duplicate(name);
      byName.set(name, handler);
      await turnPage();
    },
    async remove(name) {
      if (byName.delete(name)) await turnPage();
    },
    follow(onChange) {
      followers.add(onChange);
      return () => void followers.delete(onChange);
    },
  };
}

/** What the book says between two changes. */
interface Page {
  readonly batches: readonly BatchHandler<never>[];
  readonly versions: Readonly<Record<string, number>>;
  readonly queues: ReadonlyMap<string, number>;
  readonly scopes: readonly Scope[];
  readonly gated: boolean;
  readonly duties: WorkerDuties;
}

/** The queues the application named, if it did, and those met that may fit its patterns. */
interface QueueSource {
  readonly given: ReadonlyMap<string, number> | undefined;
  readonly met: ReadonlySet<string>;
}

function pageOf(
  byName: ReadonlyMap<string, AnyHandler>,
  { given, met }: QueueSource,
  route: Route,
): Page {
  const handlers = [...byName.values()];
  const singles = handlers.filter((handler) => !isBatch(handler));
  const own = queuesOf(handlers, route);
  const queues = given === undefined ? own : servedQueues(given, [...own.keys(), ...met]);
  return {
    batches: handlers.filter(isBatch),
    versions: versionsOf(singles),
    queues,
    scopes: handlers.flatMap(({ definition }) => definition.limits),
    gated: handlers.some(
      ({ definition }) => definition.lane !== undefined || definition.limits.length > 0,
    ),
    duties: {
      queues: [...queues.keys()],
      slots: Object.fromEntries(queues),
      handlers: [...byName.keys()],
      versions: versionsOf(handlers),
    },
  };
}

function batchOf(handler: AnyHandler | undefined): BatchHandler<never> | undefined {
  return handler !== undefined && isBatch(handler) ? handler : undefined;
}

function isBatch(handler: AnyHandler): handler is BatchHandler<never> {
  return "runBatch" in handler;
}

function versionsOf(handlers: readonly AnyHandler[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    handlers.map(({ definition }) => [definition.name, definition.version]),
  );
}

function queuesOf(handlers: readonly AnyHandler[], route: Route): ReadonlyMap<string, number> {
  return new Map(
    handlers.map(({ definition }) => [
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
