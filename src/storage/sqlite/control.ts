import type { CancelRequest } from "../../core/job.ts";
import type { JobRewrite } from "../../core/job-change.ts";
import { cancelReason } from "../../core/lifecycle.ts";
import { lineOfCancelled } from "../../core/stat-line.ts";
import type { Cooling } from "../../core/throttle.ts";
import type { ControlStore, UpdateAnswer } from "../contract/control.ts";
import type { WakeupStore } from "../contract/wakeup.ts";
import { parseGates } from "../shared/job-json.ts";
import type { Connection } from "./connection.ts";
import { admitAtGates } from "./engine/admit-jobs.ts";
import {
  copyStatement,
  expiryDay,
  freeKey,
  freeKeyOfFinished,
  moveJob,
  type RemovedJob,
  removeRow,
} from "./engine/move-job.ts";
import { keepKeys } from "./engine/idempotency-key.ts";
import { resumeGeneration } from "./engine/generation.ts";
import { moveToDue } from "./engine/move-to-due.ts";
import { parkQueue } from "./engine/park-jobs.ts";
import type { Session } from "./engine/session.ts";
import { readOrders, updateQueue } from "./engine/queue-settings.ts";
import { currentHolder, takeKey, uniqueConflict } from "./engine/unique-key.ts";
import { updateJob } from "./engine/update-job.ts";
import { writeLines } from "./engine/write-lines.ts";
import { coolingOf, idOf } from "./rows.ts";

/**
 * Operators' verbs. Each is one transaction of the one writer, so what it read cannot have moved; who may pass a gate because of it
 * is let in by the same.
 */
export function createControlStore(
  connection: Connection,
  wake: WakeupStore["wake"],
): ControlStore {
  async function write<Value>(unit: (session: Session) => Done<Value>): Promise<Value> {
    const { answer, queues } = await connection.write(unit);
    await wake(queues);
    return answer;
  }

  return {
    cancelJob: (id, request) => write((session) => cancelJob(session, idOf(id), request)),
    retryJob: (id, now) => write((session) => retryJob(session, idOf(id), now)),
    runJobNow: (id, now) => write((session) => runJobNow(session, idOf(id), now)),
    updateJob: (id, rewrite, now) => write((session) => change(session, idOf(id), rewrite, now)),
    deleteJob: (id, now) => write((session) => deleteJob(session, idOf(id), now)),
    pauseQueue: (name, paused, now, by = null) =>
      write((session) => pauseQueue(session, name, paused, { now, by })),
    updateQueue: (name, edit, act) =>
      connection.write((session) => updateQueue(session, name, edit, act)),
    coolQueue: (name, from, to) =>
      connection.write((session) => coolQueue(session, name, from, to)),
    readOrders: (worker, names) => connection.read((session) => readOrders(session, worker, names)),
  };
}

/** What a verb answers, and the queues that got work by it. */
export interface Done<Value> {
  readonly answer: Value;
  readonly queues: readonly string[];
}

function done<Value>(answer: Value): Done<Value> {
  return { answer, queues: [] };
}

/** Done, and whoever can is let through the gates that a job waits at or has left. */
function admitting<Value>(
  answer: Value,
  session: Session,
  gates: Iterable<string>,
  now: number | undefined,
): Done<Value> {
  return { answer, queues: now === undefined ? [] : admitAtGates(session, gates, now).queues };
}

function gatesOf(job: Pick<RemovedJob, "gates"> | undefined): readonly string[] {
  return parseGates(job?.gates ?? null).map(({ gate }) => gate);
}

type Place = "running" | "available" | "later" | "blocked" | "done" | "dead";

/** Index: the primary key of each job table. Locks: the one writer of the file, held around it. */
const findPlace = `
  SELECT CASE WHEN owner IS NULL THEN 'available' ELSE 'running' END AS place
  FROM holdfast_live WHERE id = $id
  UNION ALL SELECT 'later' FROM holdfast_later WHERE id = $id
  UNION ALL SELECT 'blocked' FROM holdfast_blocked WHERE id = $id
  UNION ALL SELECT 'done' FROM holdfast_done WHERE id = $id
  UNION ALL SELECT 'dead' FROM holdfast_dead WHERE id = $id`;

function placeOf(session: Session, id: number | null): Place | undefined {
  return session.get<{ readonly place: Place }>(findPlace, { id })?.place;
}

const tables = {
  running: "live",
  available: "live",
  later: "later",
  blocked: "blocked",
  done: "done",
  dead: "dead",
} as const;

/** Cancels a waiting job, or asks a running one to stop. */
export function cancelJob(
  session: Session,
  id: number | null,
  request: CancelRequest,
): Done<"cancelled" | "cancelling" | "finished" | "missing"> {
  const place = placeOf(session, id);
  switch (place) {
    case undefined:
      return done("missing");
    case "done":
    case "dead":
      return done("finished");
    case "running":
      session.run(
        "UPDATE holdfast_live SET cancel = ? WHERE id = ? AND cancel IS NULL",
        JSON.stringify(request),
        id,
      );
      return done("cancelling");
    default: {
      const buried = buryCancelled(session, tables[place], id, request);
      return admitting("cancelled", session, gatesOf(buried), request.at);
    }
  }
}

function buryCancelled(
  session: Session,
  from: "live" | "later" | "blocked",
  id: number | null,
  request: CancelRequest,
): RemovedJob | undefined {
  const moved = moveJob(session, buryFrom[from], from, {
    id,
    now: request.at,
    reason: JSON.stringify(cancelReason(request.why, request.by)),
  });
  if (moved === undefined) return undefined;
  freeKeyOfFinished(session, moved);
  writeLines(session, [lineOfCancelled(moved, request.at)]);
  return moved;
}

function bury(from: "live" | "later" | "blocked"): string {
  const set = {
    finished_at: "$now",
    bucket: expiryDay("keep_dead_ms", "$now"),
    state: "'cancelled'",
    reason: "$reason",
  };
  return copyStatement(from, "dead", set, "id = $id");
}

const buryFrom = { live: bury("live"), later: bury("later"), blocked: bury("blocked") } as const;

const fresh = { run_at: "$now", attempt: "0", crashes: "0", backoff_ms: "0" };
const revive = moveToDue("dead", fresh);

/**
 * Makes a cancelled or discarded job available again.
 *
 * @throws {HoldfastError} `UNIQUE_CONFLICT`.
 */
export function retryJob(
  session: Session,
  id: number | null,
  now: number,
): Done<"retried" | "not-retryable" | "missing"> {
  const place = placeOf(session, id);
  if (place === undefined) return done("missing");
  if (place !== "dead") return done("not-retryable");
  const revived = revive(session, id, now);
  if (revived !== undefined && revived.unique_key !== null) {
    takeBack(session, revived, revived.unique_key, now);
  }
  return admitting("retried", session, gatesOf(revived), now);
}

function takeBack(
  session: Session,
  { id, name, unique_while }: RemovedJob,
  key: string,
  now: number,
): void {
  // A key held for good was never let go: if it is gone, its time was up, and taking it again would hold it for ever.
  const other =
    unique_while === "ever"
      ? currentHolder(session, name, key, now)
      : takeKey(session, { name, key, holder: id, until: null }, now);
  if (typeof other === "number" && other !== id) throw uniqueConflict(name, key, other);
  resumeGeneration(session, name, key, id);
}

const makeDue = moveToDue("later", { run_at: "$now" });

/** Makes a scheduled or retryable job available. */
export function runJobNow(
  session: Session,
  id: number | null,
  now: number,
): Done<"available" | "already" | "finished" | "missing"> {
  const place = placeOf(session, id);
  if (place === undefined) return done("missing");
  if (place === "done" || place === "dead") return done("finished");
  if (place !== "later") return done("already");
  return admitting("available", session, gatesOf(makeDue(session, id, now)), now);
}

function change(
  session: Session,
  id: number | null,
  rewrite: JobRewrite,
  now: number,
): Done<UpdateAnswer> {
  const place = placeOf(session, id);
  if (place === undefined || id === null) return done("missing");
  if (place === "running") return done("running");
  if (place === "done" || place === "dead") return done("finished");
  const updated = updateJob(session, tables[place], { id, rewrite, now });
  if (updated === undefined) return done("missing");
  const { queue, dueAt } = updated;
  return admitting({ queue, dueAt }, session, gatesOf(updated), now);
}

/** Removes a job that is not running. */
export function deleteJob(
  session: Session,
  id: number | null,
  now: number | undefined,
): Done<"deleted" | "running" | "missing"> {
  const place = placeOf(session, id);
  if (place === undefined) return done("missing");
  if (place === "running") return done("running");
  if (place === "done" || place === "dead") session.run(keepKeys(place, "SELECT ?"), id);
  else session.run("DELETE FROM holdfast_idempotency WHERE job = ?", id);
  session.run("DELETE FROM holdfast_generation WHERE job = ?", id);
  session.run("DELETE FROM holdfast_joblog WHERE job = ?", id);
  const removed = removeRow(session, tables[place], id);
  if (removed !== undefined) freeKey(session, removed);
  return admitting("deleted", session, gatesOf(removed), now);
}

/** Jobs let in that nobody can claim now would keep others from what they hold. */
function pauseQueue(
  session: Session,
  name: string,
  paused: boolean,
  { now, by }: { readonly now: number | undefined; readonly by: string | null },
): Done<void> {
  session.run(setPaused, name, Number(paused), now ?? null, by);
  return admitting(undefined, session, paused ? parkQueue(session, name) : [], now);
}

const setPaused = `
  INSERT INTO holdfast_queue (name, paused, changed_at, changed_by) VALUES (?, ?, ?, ?)
  ON CONFLICT (name) DO UPDATE
  SET paused = excluded.paused, changed_at = excluded.changed_at, changed_by = excluded.changed_by`;

/** A queue without a row has never been cooled. */
function coolQueue(session: Session, name: string, from: Cooling, to: Cooling): boolean {
  const now = coolingOf(session, name);
  if (now.level !== from.level || now.closedUntil !== from.closedUntil) return false;
  session.run(
    `INSERT INTO holdfast_queue (name, throttle_level, closed_until) VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET throttle_level = excluded.throttle_level, closed_until = excluded.closed_until`,
    name,
    to.level,
    to.closedUntil,
  );
  return true;
}
