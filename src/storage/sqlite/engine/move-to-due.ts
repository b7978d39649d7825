import { atEndOfLine, copyStatement, moveJob, type RemovedJob } from "./move-job.ts";
import { drawSeq } from "./sequence.ts";
import type { Session } from "./session.ts";

/** Makes what takes a job to where it is due at once: to `live`, or before its gates. */
export function moveToDue(
  from: "dead" | "later",
  set: Readonly<Record<string, string>>,
): (session: Session, id: number | null, now: number) => RemovedJob | undefined {
  const toLive = copyStatement(from, "live", { ...set, seq: "$seq" }, "id = $id AND gates IS NULL");
  const toBlocked = copyStatement(from, "blocked", { ...set, ...atEndOfLine }, "id = $id");
  return (session, id, now) => {
    const values = { id, now, seq: drawSeq(session) };
    return moveJob(session, toLive, from, values) ?? moveJob(session, toBlocked, from, values);
  };
}
