import { defaults } from "../../core/defaults.ts";
import type { NewLogLine } from "../../core/log-line.ts";
import type { LogStore } from "../contract/log.ts";
import { logLineOf, type LogRow } from "../shared/log-row.ts";
import type { Connection } from "./connection.ts";
import type { Session } from "./engine/session.ts";
import { idOf } from "./rows.ts";

/** What jobs wrote to their logs. */
export function createLogStore(connection: Connection): LogStore {
  return {
    async appendLog(lines) {
      if (lines.length > 0) await connection.write((session) => append(session, lines));
    },
    async readLog(job, limit) {
      const rows = await connection.read((session) =>
        session.all<LogRow>(readNewest, idOf(job), limit),
      );
      return rows.map(logLineOf).toReversed();
    },
  };
}

function append(session: Session, lines: readonly NewLogLine[]): void {
  const newestRuns = new Map<string, number>();
  for (const { job, run } of lines) newestRuns.set(job, Math.max(run, newestRuns.get(job) ?? run));
  for (const [job, run] of newestRuns) {
    if (session.get(isThere, idOf(job)) === undefined) newestRuns.delete(job);
    else session.run(forgetRuns, idOf(job), run - defaults.attemptsKept);
  }
  for (const { job, run, place, line, at, attempt, level, message, fields } of lines) {
    if (!newestRuns.has(job)) continue;
    session.run(store, idOf(job), run, place, line, at, attempt, level, message, fields);
  }
}

/** Index: the primary key of each job table. Locks: the one writer of the file, held around it. */
const isThere = "SELECT 1 FROM holdfast_jobs WHERE id = ?";

/** Index: the primary key. Locks: the one writer of the file. */
const forgetRuns = "DELETE FROM holdfast_joblog WHERE job = ? AND run <= ?";

/** Index: the primary key. Locks: the one writer of the file. Races: none, only the worker that has the job writes its lines. */
const store = `
  INSERT OR REPLACE INTO holdfast_joblog (job, run, place, line, at, attempt, level, message, fields)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Index: the primary key, all lines of the job. Locks: none. */
const readNewest = `
  SELECT at, level, message, fields, attempt, run FROM holdfast_joblog
  WHERE job = ? ORDER BY run DESC, line DESC LIMIT ?`;
