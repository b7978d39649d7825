import type { CancelRequest } from "../../core/job.ts";
import { cancelReason } from "../../core/lifecycle.ts";
import type { Cooling } from "../../core/throttle.ts";
import type { ControlStore } from "../contract/control.ts";
import type { Connection } from "./connection.ts";
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
import { drawSeq } from "./engine/sequence.ts";
import type { Session } from "./engine/session.ts";
import { currentHolder, takeKey, uniqueConflict } from "./engine/unique-key.ts";
import { coolingOf, idOf } from "./rows.ts";

/** Operators' verbs. Each is one transaction of the one writer, so what it read cannot have moved. */
export function createControlStore(connection: Connection): ControlStore {
  return {
    cancelJob: (id, request) =>
      connection.write((session) => cancelJob(session, idOf(id), request)),
    retryJob: (id, now) => connection.write((session) => retryJob(session, idOf(id), now)),
    runJobNow: (id, now) => connection.write((session) => runJobNow(session, idOf(id), now)),
    deleteJob: (id) => connection.write((session) => deleteJob(session, idOf(id))),
    async pauseQueue(name, paused) {
      await connection.write((session) => session.run(pauseQueue, name, Number(paused)));
    },
    coolQueue: (name, from, to) =>
      connection.write((session) => coolQueue(session, name, from, to)),
  };
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

function cancelJob(
  session: Session,
  id: number | null,
  request: CancelRequest,
): "cancelled" | "cancelling" | "finished" | "missing" {
  const place = placeOf(session, id);
  switch (place) {
    case undefined:
      return "missing";
    case "done":
    case "dead":
      return "finished";
    case "running":
      session.run(
        "UPDATE holdfast_live SET cancel = ? WHERE id = ? AND cancel IS NULL",
        JSON.stringify(request),
        id,
      );
      return "cancelling";
    default:
      buryCancelled(session, tables[place], id, request);
      return "cancelled";
  }
}

function buryCancelled(
  session: Session,
  from: "live" | "later" | "blocked",
  id: number | null,
  request: CancelRequest,
): void {
  const moved = moveJob(session, buryFrom[from], from, {
    id,
    now: request.at,
    reason: JSON.stringify(cancelReason(request.why, request.by)),
  });
  if (moved !== undefined) freeKeyOfFinished(session, moved);
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

const revive = copyStatement(
  "dead",
  "live",
  { seq: "$seq", run_at: "$now", attempt: "0", crashes: "0", backoff_ms: "0" },
  "id = $id",
);

function retryJob(
  session: Session,
  id: number | null,
  now: number,
): "retried" | "not-retryable" | "missing" {
  const place = placeOf(session, id);
  if (place === undefined) return "missing";
  if (place !== "dead") return "not-retryable";
  const revived = moveJob(session, revive, "dead", { id, now, seq: drawSeq(session) });
  if (revived !== undefined && revived.unique_key !== null) {
    takeBack(session, revived, revived.unique_key, now);
  }
  return "retried";
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

const makeDue = copyStatement("later", "live", { seq: "$seq", run_at: "$now" }, "id = $id");

function runJobNow(
  session: Session,
  id: number | null,
  now: number,
): "available" | "already" | "finished" | "missing" {
  const place = placeOf(session, id);
  if (place === undefined) return "missing";
  if (place === "done" || place === "dead") return "finished";
  if (place !== "later") return "already";
  moveJob(session, makeDue, "later", { id, now, seq: drawSeq(session) });
  return "available";
}

function deleteJob(session: Session, id: number | null): "deleted" | "running" | "missing" {
  const place = placeOf(session, id);
  if (place === undefined) return "missing";
  if (place === "running") return "running";
  if (place === "done" || place === "dead") session.run(keepKeys(place, "SELECT ?"), id);
  else session.run("DELETE FROM holdfast_idempotency WHERE job = ?", id);
  session.run("DELETE FROM holdfast_generation WHERE job = ?", id);
  const removed = removeRow(session, tables[place], id);
  if (removed !== undefined) freeKey(session, removed);
  return "deleted";
}

const pauseQueue = `
  INSERT INTO holdfast_queue (name, paused) VALUES (?, ?)
  ON CONFLICT (name) DO UPDATE SET paused = excluded.paused`;

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
