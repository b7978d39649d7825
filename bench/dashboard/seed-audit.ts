import { rowsOf } from "../systems/sql-rows.ts";

const entries = 500_000;
const ageMs = 3_600_000;

const values = `${Date.now() - ageMs} + n, 'user-' || (n % 9), 'jobs.update', 'job:' || n, '{"priority":3}'`;

/** What very many did in the last hour, as the audit has it. */
export async function seedAudit(url: string, backend: "postgres" | "sqlite"): Promise<void> {
  const columns = "(at, who, action, target, details)";
  if (backend === "postgres") {
    await rowsOf(
      url,
      `INSERT INTO holdfast.audit ${columns}
       SELECT at, who, action, target, details::json FROM (SELECT ${values} FROM generate_series(1, ${entries}) n) AS made ${columns}`,
    );
    return;
  }
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(url.slice("sqlite:".length));
  database.exec(
    `WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${entries})
     INSERT INTO holdfast_audit ${columns} SELECT ${values} FROM s`,
  );
  database.close();
}
