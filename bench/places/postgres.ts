import { Client, Pool } from "pg";
import { startPostgres } from "../../test/support/postgres-server.ts";
import type { SqlMarks } from "../system.ts";
import { parentOf, treeCpuSeconds } from "./cpu-time.ts";
import type { Place, Room } from "./place.ts";

const settings = {
  shared_buffers: "1GB",
  max_wal_size: "4GB",
  max_connections: "500",
  shared_preload_libraries: "pg_stat_statements",
  "pg_stat_statements.max": "10000",
  // Counted only in databases that ask for it, so that it costs the other measurements nothing.
  "pg_stat_statements.track": "none",
};

/** The server's counters of one database. */
export interface Sql {
  query<Row>(text: string): Promise<readonly Row[]>;
  /** Statements ended so far. */
  statements(): Promise<number>;
  /** Buffers touched and calls of the claiming statements so far. */
  claims(marks: SqlMarks): Promise<{ readonly buffers: number; readonly calls: number }>;
  deadRows(): Promise<number>;
  liveMb(marks: SqlMarks): Promise<number>;
  walPosition(): Promise<string>;
  /** Bytes of WAL since a position, without full-page images. */
  walSince(position: string): Promise<number>;
}

/** A PostgreSQL of our own with its default durability. */
export async function startPostgresPlace(): Promise<Place> {
  const server = await startPostgres({ durable: true, settings });
  // Several rooms may be opened at the same time.
  const admin = new Pool({ connectionString: server.url, max: 4 });
  admin.on("error", () => {});
  await admin.query("CREATE EXTENSION pg_stat_statements");
  await admin.query("CREATE EXTENSION pg_walinspect");
  const { rows } = await admin.query(
    "SELECT pg_backend_pid() AS pid, current_setting('server_version') AS version",
  );
  const { pid, version } = rows[0] as { pid: number; version: string };
  const postmaster = parentOf(pid);
  let rooms = 0;
  return {
    backend: "postgres",
    version,
    settings: `fsync, synchronous_commit and full_page_writes on (the defaults); shared_buffers ${settings.shared_buffers}, max_wal_size ${settings.max_wal_size}; autovacuum as by default; TCP on 127.0.0.1; pg_stat_statements loaded and counting only where statements are measured`,
    openRoom: (label) =>
      openRoom(admin, server.url, `bench_${++rooms}_${label.replaceAll(/\W/g, "_")}`),
    cpuSeconds: async () => treeCpuSeconds(postmaster),
    async stop() {
      await admin.end();
      await server.stop();
    },
  };
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  return client;
}

async function openRoom(admin: Pool, serverUrl: string, label: string): Promise<Room> {
  const name = label.toLowerCase().slice(0, 60);
  await admin.query(`CREATE DATABASE ${name}`);
  const { href } = new URL(`/${name}`, serverUrl);
  return {
    url: href,
    sql: countersOf(admin, href, name),
    async settle() {
      const client = await connect(href);
      await client.query("ANALYZE");
      await client.end();
      await admin.query("CHECKPOINT");
    },
    async drop() {
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** Asked from another database, so that the questions do not count among the answers. */
function countersOf(admin: Pool, url: string, name: string): Sql {
  const here = `dbid = (SELECT oid FROM pg_database WHERE datname = '${name}')`;
  async function one<Row>(client: Pool, text: string, params: unknown[] = []): Promise<Row> {
    return (await client.query(text, params)).rows[0] as Row;
  }
  async function within<Row>(text: string): Promise<readonly Row[]> {
    const client = await connect(url);
    try {
      return (await client.query(text)).rows as Row[];
    } finally {
      await client.end();
    }
  }
  return {
    query: within,
    async statements() {
      const text = `SELECT coalesce(sum(calls), 0)::float8 AS n FROM pg_stat_statements WHERE ${here}`;
      return (await one<{ n: number }>(admin, text)).n;
    },
    claims: ({ claim }) =>
      one(
        admin,
        `SELECT coalesce(sum(shared_blks_hit + shared_blks_read), 0)::float8 AS buffers, coalesce(sum(calls), 0)::float8 AS calls
         FROM pg_stat_statements WHERE ${here} AND query ~ $1`,
        [claim],
      ),
    async deadRows() {
      const text =
        "SELECT coalesce(sum(n_dead_tup), 0)::float8 AS n FROM pg_stat_user_tables WHERE relname <> 'bench_bystander'";
      return (await within<{ n: number }>(text))[0]?.n ?? 0;
    },
    async liveMb({ live }) {
      const text = `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::float8 / 2^20 AS mb FROM pg_class c
        WHERE c.relkind = 'r' AND format('%s.%s', c.relnamespace::regnamespace, c.relname) ~ '${live}'`;
      return (await within<{ mb: number }>(text))[0]?.mb ?? 0;
    },
    async walPosition() {
      return (await one<{ lsn: string }>(admin, "SELECT pg_current_wal_flush_lsn() AS lsn")).lsn;
    },
    async walSince(position) {
      const text =
        "SELECT sum(record_size)::float8 AS bytes FROM pg_get_wal_stats($1, pg_current_wal_flush_lsn())";
      return (await one<{ bytes: number }>(admin, text, [position])).bytes;
    },
  };
}
