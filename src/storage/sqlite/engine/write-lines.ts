import type { StatLine } from "../../../core/stat-line.ts";
import type { Session } from "./session.ts";

/** Writes what a transaction of the one writer has to say about what it wrote. Index: the primary key, at its end. */
export function writeLines(session: Session, lines: readonly StatLine[]): void {
  for (const { at, queue, name, tally } of lines) session.run(insertLine, at, queue, name, tally);
}

const insertLine = "INSERT INTO holdfast_stat_line (at, queue, name, tally) VALUES (?, ?, ?, ?)";
