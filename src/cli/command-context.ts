import type { Command } from "commander";
import type { ClientOptions } from "../client/client-options.ts";
import { createClient } from "../client/create-client.ts";
import type { Client } from "../core/client.ts";
import type { Storage } from "../storage/contract/storage.ts";
import { createConsoleLogger } from "../telemetry/console-logger.ts";
import { type AbsentFile, type Database, type DatabaseOptions, databaseOf } from "./database.ts";
import { loadConfig, type LoadedConfig } from "./load-config.ts";
import { type LoadedJobs, loadJobs } from "./load-jobs.ts";
import { createPrinter, type Printer } from "./printer.ts";
import { createProgress, type Progress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

/** The options every command has, before or after its name. */
interface CommonOptions extends DatabaseOptions {
  readonly json?: boolean;
  readonly config?: string;
}

/** What a command has to work with. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly print: Printer;
  readonly config: LoadedConfig;
  /**
   * The database that is meant.
   *
   * @throws {HoldfastError} `INVALID_OPTION` when none is named.
   */
  database(): Database;
  /** Works below the client: on an open storage, whatever its schema is. */
  onStorage(absent: AbsentFile, run: (storage: Storage) => Promise<void>): Promise<void>;
  /**
   * Works on a client of an existing database whose schema is up to date: what most commands do.
   *
   * @throws {HoldfastError} `SCHEMA_OUT_OF_DATE` and what else opening throws.
   */
  onClient(run: (client: Client, storage: Storage) => Promise<void>): Promise<void>;
  /** What the modules named export, relative to the working directory; those of the configuration when none is named. */
  jobs(named?: readonly string[]): Promise<LoadedJobs | undefined>;
  progress(label: string): Progress;
}

/** Gives the program the options every command has. */
export function addCommonOptions(program: Command): void {
  program
    .option(
      "--url <url>",
      "sqlite:path or postgres://... (default: $HOLDFAST_URL, the configuration's, $DATABASE_URL)",
    )
    .option("--schema <name>", "PostgreSQL schema of Holdfast's tables (default: holdfast)")
    .option(
      "--config <file>",
      "configuration (default: holdfast.config.ts, .mts, .js or .mjs here)",
    )
    .option("--json", "print one line of JSON instead of text");
}

/**
 * Reads what a command was given: its common options and the configuration.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export async function openContext(command: Command, terminal: Terminal): Promise<CommandContext> {
  const options = command.optsWithGlobals<CommonOptions>();
  const config = await loadConfig(options.config);
  const database = () => databaseOf(options, config, terminal.env);
  return {
    terminal,
    print: createPrinter(terminal, options.json === true),
    config,
    database,
    onStorage: (absent, run) => lendStorage(database(), absent, run),
    onClient: (run) =>
      lendStorage(database(), "refuse", (storage) =>
        lendClient({ storage, ...clientSettings(config, terminal) }, (client) =>
          run(client, storage),
        ),
      ),
    async jobs(named = []) {
      if (named.length > 0) return loadJobs(named, process.cwd());
      const configured = [config.jobs ?? []].flat();
      return configured.length === 0 ? undefined : loadJobs(configured, config.folder);
    },
    progress: (label) => createProgress(label, terminal),
  };
}

/**
 * Runs a command that needs no more than a client; what most commands are made of.
 *
 * @throws what opening throws, what the command throws.
 */
export async function withClient(
  command: Command,
  terminal: Terminal,
  run: (context: CommandContext & { readonly client: Client }) => Promise<void>,
): Promise<void> {
  const context = await openContext(command, terminal);
  await context.onClient((client) => run({ ...context, client }));
}

async function lendStorage(
  database: Database,
  absent: AbsentFile,
  run: (storage: Storage) => Promise<void>,
): Promise<void> {
  const storage = await database.open(absent);
  try {
    await run(storage);
  } finally {
    await storage.close();
  }
}

async function lendClient(
  options: ClientOptions,
  run: (client: Client) => Promise<void>,
): Promise<void> {
  const client = await createClient(options);
  try {
    await run(client);
  } finally {
    await client.close();
  }
}

/** The configuration's settings for a client on a storage. Commands that end at once only log what is wrong. */
export function clientSettings(config: LoadedConfig, { env }: Terminal, lowest = "warn") {
  const {
    router,
    telemetry,
    logger = createConsoleLogger(env["HOLDFAST_LOG"] ?? lowest),
  } = config.client ?? {};
  return {
    logger,
    ...(router === undefined ? {} : { router }),
    ...(telemetry === undefined ? {} : { telemetry }),
  };
}
