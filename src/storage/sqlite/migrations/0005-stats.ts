const counters =
  "enqueued started completed rescheduled snoozed failed retried discarded cancelled rescued";

/**
 * What is counted. Each write that has something to count adds lines to `stat_line`; a pass adds them up into `stat` and
 * removes them.
 */
export const stats = `
CREATE TABLE holdfast_stat_line (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  queue TEXT NOT NULL,
  name TEXT NOT NULL,
  tally TEXT NOT NULL
) STRICT;

CREATE TABLE holdfast_stat (
  span_ms INTEGER NOT NULL,
  at INTEGER NOT NULL,
  queue TEXT NOT NULL,
  name TEXT NOT NULL,
${counters
  .split(" ")
  .map((counter) => `  ${counter} INTEGER NOT NULL,`)
  .join("\n")}
  waiting TEXT NOT NULL,
  running TEXT NOT NULL,
  PRIMARY KEY (span_ms, at, queue, name)
) STRICT, WITHOUT ROWID;
`;
