/** The step that removes what jobs of another step have logged. Index walked: the primary key. Rows locked: those removed. */
export function dropLog(schema: string, jobs: string): string {
  return `unlogged AS (DELETE FROM ${schema}.joblog WHERE job = ANY (ARRAY(SELECT id FROM ${jobs})))`;
}
