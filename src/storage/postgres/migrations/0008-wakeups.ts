/**
 * A worker counts as waiting only while the server can take one more notification: a session that listens and keeps a transaction
 * open fills the server's queue of them, and a NOTIFY too many would fail the very commit it belongs to. Looked at only
 * where a worker waits, that is before a notification. `schema` is quoted.
 */
export function wakeupsPart(schema: string): string {
  return `
CREATE OR REPLACE FUNCTION ${schema}.idle(queue text) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  mark bigint := ${schema}.idle_mark(queue);
BEGIN
  RETURN CASE WHEN pg_try_advisory_lock(mark) THEN NOT pg_advisory_unlock(mark) ELSE pg_notification_queue_usage() < 0.9 END;
END $$;`;
}
