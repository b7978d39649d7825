/**
 * The lines jobs wrote to their logs. Those of one run number their places from 0, and a line too many takes the place of the
 * oldest.
 */
export const joblogTable = `
CREATE TABLE holdfast_joblog (
  job INTEGER NOT NULL,
  run INTEGER NOT NULL,
  place INTEGER NOT NULL,
  line INTEGER NOT NULL,
  at INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  level TEXT NOT NULL,
  message TEXT NOT NULL,
  fields TEXT,
  PRIMARY KEY (job, run, place)
) STRICT, WITHOUT ROWID;
`;
