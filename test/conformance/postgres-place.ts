import { postgresStorage } from "holdfast/postgres";
import pg from "pg";
import { afterAll, beforeAll, inject } from "vitest";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { type FreshDatabase, freshDatabase } from "../support/fresh-database.ts";
import {
  type Connections,
  keptConnections,
  type Lent,
  newConnections,
} from "../support/kept-connections.ts";
import { type MigratedSchemas, migratedSchemas } from "../support/migrated-schemas.ts";
import type { Application, Place, Producer } from "./harness.ts";
import { single } from "./jobs.ts";

/** Places of one test file: a database of the file's own, with a schema for each place. */
export interface PostgresPlaces {
  empty(): Promise<Place>;
  fresh(): Promise<Place>;
}

/** What the server calls the connections of a place's storage, and those of its second storages. */
export const first = "law-first";
export const second = "law-second";

/** A way to a database that does not lead straight to the server. */
export type OpenWay = (url: string) => Promise<{ readonly url: string; close(): Promise<void> }>;

/** Makes the file's database before its tests, and removes it after them. */
export function postgresPlaces(openWay?: OpenWay): PostgresPlaces {
  let database: FreshDatabase | undefined;
  let schemas: MigratedSchemas | undefined;
  let way: Awaited<ReturnType<OpenWay>> | undefined;
  const connections = openWay === undefined ? keptConnections() : newConnections;
  let emptied = 0;
  beforeAll(async () => {
    database = await freshDatabase(inject("databaseUrl"));
    schemas = await migratedSchemas(database, "law");
    way = await openWay?.(database.url);
  });
  afterAll(async () => {
    await way?.close();
    await schemas?.close();
    await connections.close();
    await database?.drop();
  });
  const open = (schema: string) =>
    openSchema({ ...database, url: (way ?? database)?.url ?? "" }, schema, connections);
  return {
    empty: () => open(`empty_${++emptied}`),
    async fresh() {
      const schema = (await schemas?.take()) ?? "";
      const place = await open(schema);
      return {
        ...place,
        async close() {
          await place.close();
          await schemas?.giveBack(schema);
        },
      };
    },
  };
}

async function openSchema(
  { url, listen }: Pick<FreshDatabase, "url" | "listen">,
  schema: string,
  connections: Connections,
): Promise<Place> {
  const elsewhere = listen === undefined ? {} : { listen };
  const loans: Lent[] = [];
  const open = (name: string) => {
    const lent = connections.lend(`${url}?application_name=${name}`);
    loans.push(lent);
    return postgresStorage({ ...lent.source, schema, ...elsewhere });
  };
  const storage = await open(first);
  const storages: Storage[] = [storage];
  const clients: pg.Client[] = [];
  const connectClient = async () => {
    const client = await connections.client(url);
    // One that is cut off fails whoever asks next; by itself it ends nobody.
    client.on("error", () => {});
    clients.push(client);
    return client;
  };
  return {
    storage,
    async connect() {
      const other = await open(second);
      storages.push(other);
      return other;
    },
    application: async () => applicationOf(await connectClient()),
    producer: async () => producerOf(await connectClient(), schema),
    async script(sql) {
      await (await connectClient()).query(sql);
    },
    table: (name) => `${schema}.${name}`,
    foreign: async () => ({
      "an empty object": {},
      "a date": new Date(0),
      "a list": [],
      "something that queries in another way": { query: async () => {} },
      "a pool": new pg.Pool({ connectionString: url }),
    }),
    async close() {
      await Promise.all(clients.map((client) => client.end()));
      await Promise.all(storages.map((each) => each.close()));
      await Promise.all(loans.map(({ end }) => end()));
    },
  };
}

function applicationOf(client: pg.Client): Application {
  return {
    tx: client,
    query: async (sql) => (await client.query<Record<string, unknown>>(sql)).rows,
  };
}

function producerOf(client: pg.Client, schema: string): Producer {
  const sql = `SELECT id, outcome FROM ${schema}.enqueue($1, $2, $3)`;
  // A connection says one thing at a time.
  let last: Promise<unknown> = Promise.resolve();
  return {
    enqueue(name, payload = "null", options = "{}") {
      const asked = last.then(() =>
        client.query<{ id: string; outcome: string }>(sql, [name, payload, options]),
      );
      last = asked.catch(() => {});
      return asked.then(({ rows }) => single(rows));
    },
    run: async (statement) => void (await client.query(statement)),
  };
}
