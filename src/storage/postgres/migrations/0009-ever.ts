// Everything here is written out: a step that was applied somewhere must not change with the code around it.

const counters =
  "enqueued started completed rescheduled snoozed failed retried discarded cancelled rescued".split(
    " ",
  );

/**
 * What was counted since ever, a row for each queue and name: it grows with every line that is added up, and nothing is ever
 * taken from it. It begins with the sum of what is kept. Histograms one after the other are the histogram of both. `schema` is
 * quoted.
 */
export function everPart(schema: string): string {
  const text = (column: string) =>
    `coalesce(string_agg(${column}, ' ') FILTER (WHERE ${column} <> ''), '')`;
  return `
CREATE TABLE ${schema}.stat_ever (
  queue text NOT NULL,
  name text NOT NULL,
${counters.map((counter) => `  ${counter} bigint NOT NULL,`).join("\n")}
  waiting text NOT NULL,
  running text NOT NULL,
  PRIMARY KEY (queue, name)
) WITH (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE ${schema}.stat_ever ALTER COLUMN waiting SET STATISTICS 0, ALTER COLUMN running SET STATISTICS 0;
INSERT INTO ${schema}.stat_ever (queue, name, ${counters.join(", ")}, waiting, running)
SELECT queue, name, ${counters.map((counter) => `sum(${counter})`).join(", ")}, ${text("waiting")}, ${text("running")}
FROM ${schema}.stat GROUP BY queue, name;`;
}
