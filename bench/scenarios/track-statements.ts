import type { Room } from "../places/place.ts";

/** The server counts the statements of this room's later connections. */
export async function trackStatements({ sql, url }: Room): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await sql?.query(`ALTER DATABASE ${name} SET pg_stat_statements.track = 'top'`);
}
