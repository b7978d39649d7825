/**
 * The last number a sequence has given out, or was told that another database had given out: after RESTART, `last_value` is the
 * next one. Needs SELECT on it.
 */
export function lastDrawn(sequence: string): string {
  return `(SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM ${sequence})`;
}
