/**
 * The step of a statement that frees the unique keys of the jobs in another step, where `condition` holds.
 *
 * Index walked: uniq's primary key. Rows locked: those deleted. Race: a locked row is being taken over by an enqueue because
 * its time is up, so it no longer is this job's; to wait for it would be to wait for somebody's open transaction.
 */
export function freeKeys(schema: string, jobs: string, condition: string): string {
  return `DELETE FROM ${schema}.uniq WHERE ctid = ANY (ARRAY(
      SELECT held.ctid FROM ${jobs} CROSS JOIN LATERAL (
        SELECT u.ctid FROM ${schema}.uniq u
        WHERE u.name = ${jobs}.name AND u.key = ${jobs}.unique_key AND u.holder = ${jobs}.id
        FOR UPDATE SKIP LOCKED
      ) held
      WHERE ${condition}))`;
}
