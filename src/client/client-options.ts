import { checkOptions, kindOf, oneOf, type OptionRule, rule } from "../core/check-options.ts";
import type { Clock } from "../core/clock.ts";
import { type Duration, parseDuration } from "../core/duration.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Router } from "../core/router.ts";
import type { Telemetry } from "../core/telemetry.ts";
import type { TransactionMode } from "../service/transaction-guard.ts";
import type { Storage } from "../storage/contract/storage.ts";
import type { OpenSettings, PostgresPool, StorageSource } from "./open-storage.ts";
import { parseStorageUrl } from "./storage-url.ts";

/** What goes with every way to say where jobs live. */
export interface ClientSettings {
  /** PostgreSQL by URL: the most connections for the application's own transactions and enqueues; default 10. */
  readonly connections?: number;
  /** Brings the schema up to date before the first use; default `true` with a URL, else `false`. */
  readonly migrate?: boolean;
  /** PostgreSQL: the schema Holdfast's tables live in; default `"holdfast"`. */
  readonly schema?: string;
  /**
   * PostgreSQL behind a pooler: the URL of a direct connection to LISTEN on, so that workers are woken at once; `false` switches
   * listening off. Default the way everything else goes.
   */
  readonly listen?: string | false;
  /** Default one that writes to the standard error stream, as loud as the environment variable `HOLDFAST_LOG` says. */
  readonly logger?: Logger;
  /** For tests: replaces the database's time for run times, backoff and retention. */
  readonly clock?: Clock;
  /** SQLite: how long `transaction` may hold the one writer; default `"5s"`. */
  readonly maxHold?: Duration;
  /**
   * Chooses the queue of jobs that name none, neither in their definition nor when enqueued; default all to `"default"`. Give
   * producers and workers the same.
   */
  readonly router?: Router;
  /** Who is told what this client and its workers do: `openTelemetry()` of `holdfast/otel`. Default nobody. */
  readonly telemetry?: Telemetry;
  /**
   * What an enqueue without `tx` does inside a transaction the client knows of, its own or one given to `within`: `"strict"` throws
   * `TRANSACTION_OPEN`, `"ambient"` makes the job a part of it. Default `"strict"`.
   */
  readonly transactions?: TransactionMode;
}

/** Where jobs live, in exactly one of three ways, and how the client goes about it. */
export interface ClientOptions extends ClientSettings {
  /** `sqlite:path`, `sqlite::memory:` or `postgres://...`; the client opens it and closes it. */
  readonly url?: string;
  /** The application's own `pg` pool; `close` leaves it open. */
  readonly pool?: PostgresPool;
  /** A storage made by `sqliteStorage` or `postgresStorage`; `close` leaves it open. */
  readonly storage?: Storage;
}

/** The options, checked. */
export interface CheckedOptions extends OpenSettings {
  readonly source: StorageSource | { readonly kind: "storage"; readonly storage: Storage };
  readonly migrate: boolean;
  readonly clock: Clock | undefined;
  readonly router: Router | undefined;
  readonly telemetry: Telemetry | undefined;
  readonly transactions: TransactionMode | undefined;
}

const settingRules: Readonly<Record<keyof ClientSettings, OptionRule>> = {
  connections: rule.count,
  migrate: rule.boolean,
  schema: rule.text,
  listen: {
    is: "the URL of a direct connection to PostgreSQL, or false",
    test: (value) => value === false || typeof value === "string",
  },
  logger: withMethods(
    "a logger with debug, info, warn and error",
    "debug",
    "info",
    "warn",
    "error",
  ),
  clock: withMethods("a clock with now and after", "now", "after"),
  maxHold: rule.any,
  router: rule.function,
  telemetry: withMethods("made by openTelemetry of holdfast/otel", "enqueue", "attempt", "work"),
  transactions: oneOf("strict", "ambient"),
};

const rules: Readonly<Record<keyof ClientOptions, OptionRule>> = {
  url: { is: "text such as sqlite:jobs.db", test: (value) => typeof value === "string" },
  pool: { is: "a pool made by new pg.Pool(...)", test: isPool },
  storage: withMethods(
    "made by sqliteStorage or postgresStorage",
    "insertJobs",
    "transact",
    "close",
  ),
  ...settingRules,
};

/** The settings of connections that the client would have to open itself. */
const openingSettings = ["connections", "schema", "listen", "maxHold"] as const;

/**
 * Checks everything `createClient` was given, before anything is opened.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function checkClientOptions(
  given: string | ClientOptions,
  settings: ClientSettings | undefined,
): CheckedOptions {
  if (typeof given !== "string") {
    if (settings !== undefined) {
      throw invalid("createClient takes a URL and settings, or one object with everything.");
    }
    return check(given);
  }
  if (settings !== undefined) checkOptions("createClient(url, settings)", settings, settingRules);
  return check({ ...settings, url: given });
}

function check(options: ClientOptions): CheckedOptions {
  checkOptions("createClient", options, rules);
  const source = readSource(options);
  if (options.maxHold !== undefined) parseDuration(options.maxHold, "maxHold");
  if (source.kind === "storage") refuseBeside(options, openingSettings, "a ready-made storage");
  if (source.kind === "pool") refuseBeside(options, ["connections"], "a ready-made pool");
  return {
    source,
    connections: options.connections,
    migrate: options.migrate ?? options.url !== undefined,
    schema: options.schema,
    listen: options.listen,
    maxHold: options.maxHold,
    logger: options.logger,
    clock: options.clock,
    router: options.router,
    telemetry: options.telemetry,
    transactions: options.transactions,
  };
}

function readSource({ url, pool, storage }: ClientOptions): CheckedOptions["source"] {
  const given = Object.entries({ url, pool, storage }).filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    const names = given.map(([name]) => name).join(" and ");
    throw invalid(`createClient takes one of url, pool and storage; got ${names}.`);
  }
  if (url !== undefined) return parseStorageUrl(url);
  if (pool !== undefined) return { kind: "pool", pool };
  if (storage !== undefined) return { kind: "storage", storage };
  throw invalid(
    'createClient needs to know where jobs live: a url such as "sqlite:jobs.db", a pool or a storage.',
  );
}

function refuseBeside(
  options: ClientOptions,
  names: readonly (keyof ClientOptions)[],
  beside: string,
): void {
  const option = names.find((name) => options[name] !== undefined);
  if (option === undefined) return;
  // A URL to listen at may hold a password.
  const given = option === "listen" ? option : `${option} (${kindOf(options[option])})`;
  throw invalid(
    `createClient: ${given} does nothing with ${beside}; set it where that is made.`,
    option,
  );
}

function invalid(message: string, option?: string): HoldfastError {
  return new HoldfastError("INVALID_OPTION", message, {
    details: option === undefined ? {} : { option },
  });
}

function withMethods(is: string, ...methods: readonly string[]): OptionRule {
  return {
    is,
    test: (value) =>
      typeof value === "object" &&
      value !== null &&
      methods.every((method) => typeof Reflect.get(value, method) === "function"),
  };
}

/** A single `pg` client connects too, but counts no connections. */
function isPool(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof Reflect.get(value, "connect") === "function" &&
    typeof Reflect.get(value, "totalCount") === "number"
  );
}
