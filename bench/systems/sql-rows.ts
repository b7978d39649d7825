/** Runs one statement on a connection of its own, for preparing and checking only. */
export async function rowsOf<Row>(url: string, sql: string): Promise<readonly Row[]> {
  // Most processes never ask.
  const { Client } = await import("pg");
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}

export interface RowCopies {
  /** The table, with its schema. */
  readonly table: string;
  /** Which row is copied; with several, the first. */
  readonly where: string;
  /** How many rows there shall be of it. */
  readonly rows: number;
  /** Expression for the copies' ids, where the table gives none by itself; `n` counts them. */
  readonly id?: string;
}

/**
 * Copies one row many times, as it is but for its id. This is how many jobs get into a state that would take an hour to
 * bring each of them into.
 */
export async function copyRow(url: string, { table, where, rows, id }: RowCopies): Promise<void> {
  const columns = await rowsOf<{ name: string }>(
    url,
    `SELECT quote_ident(attname) AS name FROM pg_attribute
     WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped
       AND attgenerated = '' AND attidentity = '' AND attname <> 'id'`,
  );
  const list = columns.map(({ name }) => name).join(", ");
  const [into, from] = id === undefined ? [list, list] : [`id, ${list}`, `${id}, ${list}`];
  await rowsOf(
    url,
    `INSERT INTO ${table} (${into}) SELECT ${from}
     FROM (SELECT * FROM ${table} WHERE ${where} LIMIT 1) one, generate_series(2, ${rows}) n`,
  );
}
