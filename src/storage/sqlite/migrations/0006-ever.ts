const counters =
  "enqueued started completed rescheduled snoozed failed retried discarded cancelled rescued".split(
    " ",
  );

const text = (column: string) =>
  `coalesce(group_concat(CASE WHEN ${column} <> '' THEN ${column} END, ' '), '')`;

/**
 * What was counted since ever, a row for each queue and name: it grows with every line that is added up, and nothing is ever
 * taken from it. It begins with the sum of what is kept. Histograms one after the other are the histogram of both.
 */
export const ever = `
CREATE TABLE holdfast_stat_ever (
  queue TEXT NOT NULL,
  name TEXT NOT NULL,
${counters.map((counter) => `  ${counter} INTEGER NOT NULL,`).join("\n")}
  waiting TEXT NOT NULL,
  running TEXT NOT NULL,
  PRIMARY KEY (queue, name)
) STRICT, WITHOUT ROWID;
INSERT INTO holdfast_stat_ever (queue, name, ${counters.join(", ")}, waiting, running)
SELECT queue, name, ${counters.map((counter) => `sum(${counter})`).join(", ")}, ${text("waiting")}, ${text("running")}
FROM holdfast_stat GROUP BY queue, name;
`;
