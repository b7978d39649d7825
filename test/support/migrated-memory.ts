import { sqliteStorage, type SqliteStorage, type SqliteTransaction } from "holdfast/sqlite";

let copied: Promise<string> | undefined;

/**
 * Gives an empty database in memory Holdfast's tables, as the copy of a migrated file has them. Only the first runs the migrations,
 * which take longer than most tests.
 */
export async function migrateMemory(storage: SqliteStorage): Promise<void> {
  copied ??= copyOriginal();
  const sql = await copied;
  await storage.transact(async (tx) => tx.exec(sql));
}

/** Statements that make a migrated database, to the letter of its schema. */
async function copyOriginal(): Promise<string> {
  const original = await sqliteStorage({ path: ":memory:" });
  await original.migrate();
  const sql = await original.transact(async (tx) =>
    [...schemaOf(tx), ...rowsOf(tx)].map((statement) => `${statement};`).join("\n"),
  );
  await original.close();
  return sql;
}

function schemaOf(tx: SqliteTransaction): readonly string[] {
  return texts(
    tx,
    "SELECT sql AS text FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY rowid",
  );
}

function rowsOf(tx: SqliteTransaction): readonly string[] {
  const tables = texts(tx, "SELECT name AS text FROM sqlite_schema WHERE type = 'table'");
  return tables.flatMap((table) => {
    const columns = texts(tx, `SELECT name AS text FROM pragma_table_info('${table}')`);
    const values = columns.map((column) => `quote(${column})`).join(" || ', ' || ");
    return texts(
      tx,
      `SELECT 'INSERT INTO ${table} (${columns.join(", ")}) VALUES (' || ${values} || ')' AS text FROM ${table}`,
    );
  });
}

function texts(tx: SqliteTransaction, sql: string): readonly string[] {
  return tx
    .prepare(sql)
    .all()
    .map((row) => (row as { readonly text: string }).text);
}
