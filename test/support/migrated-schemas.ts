import { postgresStorage } from "holdfast/postgres";
import pg from "pg";
import type { FreshDatabase } from "./fresh-database.ts";

/** Schemas with Holdfast's tables and no jobs: making one takes longer than most tests, so each serves many, one after the other. */
export interface MigratedSchemas {
  /** A schema nobody else has. */
  take(): Promise<string>;
  /**
   * Empties a schema, to be handed out again. One whose tables, functions or triggers were changed, or that somebody may still be
   * at work in, serves nobody any more.
   */
  giveBack(schema: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the schemas of one database; their names begin with `prefix`. */
export async function migratedSchemas(
  { url, direct }: Pick<FreshDatabase, "url" | "direct">,
  prefix: string,
): Promise<MigratedSchemas> {
  const client = new pg.Client(direct);
  await client.connect();
  // A connection that was left open must not hold up the tests after it, nor a trigger what is emptied here.
  await client.query("SET lock_timeout = '2s'; SET session_replication_role = replica");
  const beginnings = new Map<string, Beginning | undefined>();
  const free: string[] = [];

  async function make(): Promise<string> {
    const schema = `${prefix}_${beginnings.size + 1}`;
    beginnings.set(schema, undefined);
    const storage = await postgresStorage({ url, schema });
    await storage.migrate();
    await storage.close();
    beginnings.set(schema, await readBeginning(client, schema));
    return schema;
  }

  return {
    take: async () => free.pop() ?? make(),
    async giveBack(schema) {
      const beginning = beginnings.get(schema);
      if (beginning === undefined) return;
      const { shape, tables, busy } = await look(client, schema);
      if (shape !== beginning.shape || busy > 0) return;
      if (await empty(client, schema, tables, beginning)) free.push(schema);
    },
    close: () => client.end(),
  };
}

/** What a schema was after its migrations. */
interface Beginning {
  readonly shape: string;
  /** Statements that bring back the rows and counters of then. */
  readonly refill: readonly string[];
}

interface Look {
  /** Everything of a schema that no row tells. */
  readonly shape: string;
  /** Every table, and how many bytes it has. */
  readonly tables: Readonly<Record<string, number>>;
  /** Other connections to the database that are about something. */
  readonly busy: number;
}

async function look(client: pg.Client, schema: string): Promise<Look> {
  const { rows } = await client.query<Look>(
    `SELECT concat_ws(' ',
       (SELECT count(*) FROM pg_class WHERE relnamespace = s),
       (SELECT count(*) FROM pg_proc WHERE pronamespace = s),
       (SELECT count(*) FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE relnamespace = s)) AS shape,
       (SELECT json_object_agg(relname, pg_relation_size(oid)) FROM pg_class
        WHERE relnamespace = s AND relkind = 'r') AS tables,
       (SELECT count(*)::integer FROM pg_stat_activity WHERE datname = current_database()
        AND backend_type = 'client backend' AND state IS DISTINCT FROM 'idle' AND pid <> pg_backend_pid()) AS busy
     FROM (SELECT $1::regnamespace AS s) AS schemas`,
    [schema],
  );
  const [found] = rows;
  if (found === undefined) throw new Error(`There is no schema ${schema}.`);
  return found;
}

async function readBeginning(client: pg.Client, schema: string): Promise<Beginning> {
  const { shape, tables } = await look(client, schema);
  const refill: string[] = [];
  for (const [table, bytes] of Object.entries(tables)) {
    if (bytes > 0) refill.push(await rowsOf(client, `${schema}.${table}`));
  }
  const { rows } = await client.query<{ name: string; last: string | null }>(
    "SELECT sequencename AS name, last_value AS last FROM pg_sequences WHERE schemaname = $1",
    [schema],
  );
  for (const { name, last } of rows) {
    refill.push(`SELECT setval('${schema}.${name}', ${last ?? 1}, ${last !== null})`);
  }
  return { shape, refill };
}

async function rowsOf(client: pg.Client, table: string): Promise<string> {
  const { rows } = await client.query<{ json: string }>(
    `SELECT coalesce(json_agg(t), '[]')::text AS json FROM ${table} AS t`,
  );
  const json = pg.escapeLiteral(rows[0]?.json ?? "[]");
  return `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(NULL::${table}, ${json})`;
}

/** TRUNCATE makes new files for a table and each of its indexes, so it is for those that have grown. */
const grownBytes = 65_536;

async function empty(
  client: pg.Client,
  schema: string,
  tables: Look["tables"],
  { refill }: Beginning,
): Promise<boolean> {
  const used = Object.entries(tables).filter(([, bytes]) => bytes > 0);
  const steps = used.map(([table, bytes]) =>
    bytes > grownBytes ? `TRUNCATE ${schema}.${table}` : `DELETE FROM ${schema}.${table}`,
  );
  try {
    await client.query(["BEGIN", ...steps, ...refill, "COMMIT"].join("; "));
    return true;
  } catch {
    await client.query("ROLLBACK");
    return false;
  }
}
