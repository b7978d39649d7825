import type { WorkerRecord } from "../../core/worker-record.ts";
import {
  type Heart,
  type NewWorker,
  type PresenceStore,
  type WorkerDuties,
} from "../contract/presence.ts";
import { drainKeptMs, reportFrom, type WorkerColumns, workerFrom } from "../shared/worker-json.ts";
import type { Connection } from "./connection.ts";
import { type Beats, createBeats } from "./engine/beats.ts";
import type { Session } from "./engine/session.ts";
import { beatAnswer, connect, type HeartData } from "./heart.ts";
import { idOf } from "./rows.ts";

/** Which workers are alive. In memory there is no other process, and the beat lives in the worker's row. */
export function createPresenceStore(connection: Connection): PresenceStore {
  const { file, library } = connection;
  if (file === undefined) {
    return {
      ...createRegistrations(connection, inRow),
      openHeart: async () => heartInMemory(connection),
      heartModule: undefined,
    };
  }
  const beats = createBeats(file);
  const data: HeartData = { file, library };
  const url = import.meta.url.replace(/presence(\.[jt]s)$/, "heart$1");
  return {
    ...createRegistrations(connection, inFiles(beats)),
    openHeart: () => connect(data),
    heartModule: { url, data },
  };
}

/** Where the beat of a registration is found, and what goes with it. */
interface BeatSource {
  of(row: Pick<WorkerRow, "id" | "beat">): string;
  at(row: WorkerRow): number | null;
  report(row: WorkerRow): string | null;
  remove(id: number): void;
}

const inRow: BeatSource = {
  of: (row) => String(row.beat),
  at: (row) => row.beat_at,
  report: (row) => row.report,
  remove: () => {},
};

function inFiles(beats: Beats): BeatSource {
  return {
    of: ({ id }) => beats.read(id),
    at: ({ id, beat_at }) => beats.raisedAt(id) ?? beat_at,
    report: ({ id }) => beats.said(id),
    remove: beats.remove,
  };
}

interface WorkerRow extends WorkerColumns {
  readonly id: number;
  readonly lease_ms: number;
  readonly started_at: number;
  readonly beat: number;
  readonly beat_at: number | null;
  readonly draining: number;
  readonly report: string | null;
}

function createRegistrations(
  connection: Connection,
  beats: BeatSource,
): Omit<PresenceStore, "openHeart" | "heartModule"> {
  return {
    async registerWorker(worker) {
      return String(await connection.write((session) => register(session, worker)));
    },
    async describeWorker(id, duties) {
      await connection.write((session) => describe(session, idOf(id), duties));
    },
    async drainWorker(id, by) {
      return connection.write((session) => session.run(drain, by, idOf(id)) > 0);
    },
    async unregisterWorker(id) {
      const known = idOf(id);
      await connection.write((session) =>
        session.run("DELETE FROM holdfast_worker WHERE id = ?", known),
      );
      if (known !== null) beats.remove(known);
    },
    async listWorkers() {
      const rows = await connection.read((session) => session.all<WorkerRow>(liveWorkers));
      return rows.map((row) => workerOf(row, beats));
    },
    async markWorkerDead(id, beat) {
      const known = idOf(id);
      const died = await connection.write((session) => markDead(session, known, beat, beats));
      if (died && known !== null) beats.remove(known);
      return died;
    },
  };
}

function register(session: Session, worker: NewWorker): number {
  const now = Date.now();
  // A dead worker's row is of no more use: a job whose owner has no row is an orphan just the same. One that was to drain is kept
  // for a day, should its worker come back.
  session.run(
    "DELETE FROM holdfast_worker WHERE dead = 1 AND (draining = 0 OR coalesce(beat_at, 0) < ?)",
    now - drainKeptMs,
  );
  const row = session.get<{ readonly id: number }>(
    `INSERT INTO holdfast_worker
       (host, pid, version, boot_id, queues, slots, handlers, versions, lease_ms, started_at, beat_at, draining, drained_by)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10,
       coalesce((SELECT draining FROM holdfast_worker WHERE id = ?11), 0),
       (SELECT drained_by FROM holdfast_worker WHERE id = ?11)) RETURNING id`,
    worker.host,
    worker.pid,
    worker.version ?? null,
    worker.bootId,
    JSON.stringify(worker.queues),
    JSON.stringify(worker.slots ?? {}),
    JSON.stringify(worker.handlers),
    JSON.stringify(worker.versions ?? {}),
    worker.leaseMs,
    now,
    worker.replaces === undefined ? null : idOf(worker.replaces),
  );
  if (row === undefined) throw new Error("a worker's registration gave no id");
  ensureQueues(session, worker.queues);
  return row.id;
}

function describe(session: Session, id: number | null, duties: WorkerDuties): void {
  session.run(
    "UPDATE holdfast_worker SET queues = ?, slots = ?, handlers = ?, versions = ? WHERE id = ?",
    JSON.stringify(duties.queues),
    JSON.stringify(duties.slots),
    JSON.stringify(duties.handlers),
    JSON.stringify(duties.versions),
    id,
  );
  ensureQueues(session, duties.queues);
}

function ensureQueues(session: Session, queues: readonly string[]): void {
  for (const queue of queues) {
    session.run("INSERT OR IGNORE INTO holdfast_queue (name) VALUES (?)", queue);
  }
}

const drain = `
  UPDATE holdfast_worker SET drained_by = CASE WHEN draining THEN drained_by ELSE ? END, draining = 1
  WHERE id = ? AND dead = 0`;

const liveWorkers = `
  SELECT id, host, pid, version, boot_id, queues, slots, handlers, versions, lease_ms, started_at, beat, beat_at, report,
    draining, drained_by
  FROM holdfast_worker WHERE dead = 0 ORDER BY id`;

/** The beat is read again while nothing else can be written: whoever beat in time is not declared dead. */
function markDead(session: Session, id: number | null, beat: string, beats: BeatSource): boolean {
  const row = session.get<Pick<WorkerRow, "id" | "beat">>(
    "SELECT id, beat FROM holdfast_worker WHERE id = ? AND dead = 0",
    id,
  );
  if (row === undefined || beats.of(row) !== beat) return false;
  // In a file its beats stand elsewhere, and go.
  const sql = "UPDATE holdfast_worker SET dead = 1, beat_at = ? WHERE id = ?";
  return session.run(sql, Date.now(), row.id) > 0;
}

function heartInMemory(connection: Connection): Heart {
  return {
    beat: (workerId, report) =>
      connection.write((session) => {
        const said = report === undefined ? null : JSON.stringify(report);
        return beatAnswer(session.get(beatInMemory, Date.now(), said, idOf(workerId)));
      }),
    close: async () => {},
  };
}

const beatInMemory = `
  UPDATE holdfast_worker SET beat = beat + 1, beat_at = ?, report = coalesce(?, report)
  WHERE id = ? AND dead = 0 RETURNING draining`;

function workerOf(row: WorkerRow, beats: BeatSource): WorkerRecord {
  const at = beats.at(row);
  return {
    id: String(row.id),
    ...workerFrom(row, row.draining === 1),
    leaseMs: row.lease_ms,
    startedAt: row.started_at,
    beat: beats.of(row),
    lastBeatMs: at === null ? null : Math.max(0, Math.round(Date.now() - at)),
    report: reportFrom(beats.report(row)),
  };
}
