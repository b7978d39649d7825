import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type Client,
  type ClientSettings,
  createClient,
  type Logger,
  type Storage,
} from "holdfast";
import { postgresStorage } from "holdfast/postgres";
import { sqliteStorage } from "holdfast/sqlite";
import { afterAll, afterEach, beforeAll, describe, inject } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/fresh-database.ts";
import { keptConnections } from "../support/kept-connections.ts";
import { makeMigratedFile } from "../support/migrated-file.ts";
import { migrateMemory } from "../support/migrated-memory.ts";
import { type MigratedSchemas, migratedSchemas } from "../support/migrated-schemas.ts";

/** How `createClient` is led to a database. */
export interface DatabasePlace {
  readonly url: string;
  readonly schema?: string;
  /** Straight to the server, where `url` leads through a pooler and hints are listened for all the same. */
  readonly listen?: string;
}

/** Empty databases of one kind, one for each call; everything is closed and removed after each test. */
export interface Databases {
  readonly kind: "SQLite in memory" | "a SQLite file" | "PostgreSQL";
  /** The way to a new, empty database. */
  place(): DatabasePlace;
  /** A client on an empty database. */
  client(settings?: ClientSettings): Promise<Client>;
  /** A client on a storage handed in, that storage, and where it is. */
  onStorage(
    wrap?: (storage: Storage) => Storage,
    settings?: ClientSettings,
  ): Promise<[Client, Storage, DatabasePlace]>;
  /** Closes something after the test. */
  closing<Closable extends { close(): Promise<unknown> }>(closable: Closable): Closable;
}

/** Says nothing. */
export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Runs the same tests on all databases; `npm run test:pooler` is about PostgreSQL alone. */
export function describeDatabases(run: (databases: Databases) => void): void {
  if (inject("pooled") === undefined) {
    describe("on SQLite in memory", () => {
      const migrated = async () => ({ place: memory, open: openMemory, close: async () => {} });
      run(assemble("SQLite in memory", () => memory, migrated));
    });
  }
  describeSharedDatabases(run);
}

/** Runs the same tests on the databases that other processes can open too, as those of the command line. */
export function describeSharedDatabases(run: (databases: Databases) => void): void {
  if (inject("pooled") === undefined) describeSqliteFiles(run);
  describePostgres(run);
}

/** Runs tests on SQLite files alone: those for which the database does not matter. */
export function describeSqliteFiles(run: (databases: Databases) => void): void {
  describe("on a SQLite file", () => {
    const place = sqliteFiles();
    run(assemble("a SQLite file", place, () => migratedFile(place())));
  });
}

/** Runs tests that are about PostgreSQL alone. */
export function describePostgres(run: (databases: Databases) => void): void {
  describe("on PostgreSQL", () => {
    const { place, migrated } = postgresSchemas();
    run(assemble("PostgreSQL", place, migrated));
  });
}

/** A database that has the schema already. */
interface MigratedPlace {
  readonly place: DatabasePlace;
  open(): Promise<Storage>;
  /** Says that everything there is closed. */
  close(): Promise<void>;
}

function assemble(
  kind: Databases["kind"],
  place: Databases["place"],
  migrated: () => Promise<MigratedPlace>,
): Databases {
  let closables: { close(): Promise<unknown> }[] = [];
  afterEach(async () => {
    const opened = closables;
    closables = [];
    for (const closable of opened.toReversed()) await closable.close();
  });
  const closing: Databases["closing"] = (closable) => {
    closables.push(closable);
    return closable;
  };
  return {
    kind,
    place,
    closing,
    async client(settings) {
      const { place: where } = closing(await migrated());
      return closing(await createClient({ ...where, logger: silent, ...settings }));
    },
    async onStorage(wrap = (storage) => storage, settings = {}) {
      const { place: where, open } = closing(await migrated());
      const storage = closing(await open());
      await storage.migrate();
      const given = { storage: wrap(storage), logger: silent, ...settings };
      return [closing(await createClient(given)), storage, where];
    },
  };
}

const memory: DatabasePlace = { url: "sqlite::memory:" };

async function openMemory(): Promise<Storage> {
  const storage = await sqliteStorage({ path: ":memory:" });
  await migrateMemory(storage);
  return storage;
}

async function migratedFile(place: DatabasePlace): Promise<MigratedPlace> {
  const file = place.url.slice("sqlite:".length);
  await makeMigratedFile(file);
  return { place, open: () => sqliteStorage({ path: file }), close: async () => {} };
}

/** Files of their own in a folder that is removed at the end. */
export function sqliteFiles(): Databases["place"] {
  const folder = mkdtempSync(path.join(tmpdir(), "holdfast-client-"));
  let files = 0;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => ({ url: `sqlite:${path.join(folder, `${++files}.db`)}` });
}

interface PostgresSchemas {
  place(): DatabasePlace & { readonly schema: string };
  migrated(): Promise<MigratedPlace>;
}

/** Schemas of their own in a database of this test file. */
export function postgresSchemas(): PostgresSchemas {
  let database: FreshDatabase | undefined;
  let ready: MigratedSchemas | undefined;
  const kept = keptConnections();
  let schemas = 0;
  beforeAll(async () => {
    database = await freshDatabase(inject("databaseUrl"));
    ready = await migratedSchemas(database, "ready");
  });
  afterAll(async () => {
    await ready?.close();
    await kept.close();
    await database?.drop();
  });
  const at = (schema: string) => {
    const { url = "", listen } = database ?? {};
    return { url, schema, ...(listen === undefined ? {} : { listen }) };
  };
  return {
    place: () => at(`client_${++schemas}`),
    async migrated() {
      const schema = (await ready?.take()) ?? "";
      const { url, ...way } = at(schema);
      const { source, end } = kept.lend(url);
      return {
        place: { url, ...way },
        open: () => postgresStorage({ ...source, ...way }),
        async close() {
          await end();
          await ready?.giveBack(schema);
        },
      };
    },
  };
}
