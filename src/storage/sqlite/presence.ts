import type { WorkerRecord } from "../../core/worker-record.ts";
import type { Heart, NewWorker, PresenceStore, WorkerDuties } from "../contract/presence.ts";
import type { Connection } from "./connection.ts";
import { createBeats } from "./engine/beats.ts";
import type { Session } from "./engine/session.ts";
import { connect, type HeartData } from "./heart.ts";
import { idOf } from "./rows.ts";

/** Which workers are alive. In memory there is no other process, and the beat lives in the worker's row. */
export function createPresenceStore(connection: Connection): PresenceStore {
  const { file } = connection;
  if (file === undefined) {
    return {
      ...createRegistrations(connection, { of: (row) => String(row.beat), remove: () => {} }),
      openHeart: async () => heartInMemory(connection),
      heartModule: undefined,
    };
  }
  const beats = createBeats(file);
  const data: HeartData = { file };
  const url = import.meta.url.replace(/presence(\.[jt]s)$/, "heart$1");
  return {
    ...createRegistrations(connection, { of: (row) => beats.read(row.id), remove: beats.remove }),
    openHeart: () => connect(data),
    heartModule: { url, data },
  };
}

/** Where the beat of a registration is found. */
interface BeatSource {
  of(row: Pick<WorkerRow, "id" | "beat">): string;
  remove(id: number): void;
}

interface WorkerRow {
  readonly id: number;
  readonly host: string;
  readonly pid: number;
  readonly boot_id: string;
  readonly queues: string;
  readonly handlers: string;
  readonly versions: string;
  readonly lease_ms: number;
  readonly started_at: number;
  readonly beat: number;
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
  // A dead worker's row is of no more use: a job whose owner has no row is an orphan just the same.
  session.run("DELETE FROM holdfast_worker WHERE dead = 1");
  const row = session.get<{ readonly id: number }>(
    `INSERT INTO holdfast_worker (host, pid, boot_id, queues, handlers, versions, lease_ms, started_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
    worker.host,
    worker.pid,
    worker.bootId,
    JSON.stringify(worker.queues),
    JSON.stringify(worker.handlers),
    JSON.stringify(worker.versions ?? {}),
    worker.leaseMs,
    Date.now(),
  );
  if (row === undefined) throw new Error("a worker's registration gave no id");
  ensureQueues(session, worker.queues);
  return row.id;
}

function describe(session: Session, id: number | null, duties: WorkerDuties): void {
  session.run(
    "UPDATE holdfast_worker SET queues = ?, handlers = ?, versions = ? WHERE id = ?",
    JSON.stringify(duties.queues),
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

const liveWorkers = `
  SELECT id, host, pid, boot_id, queues, handlers, versions, lease_ms, started_at, beat
  FROM holdfast_worker WHERE dead = 0 ORDER BY id`;

/** The beat is read again while nothing else can be written: whoever beat in time is not declared dead. */
function markDead(session: Session, id: number | null, beat: string, beats: BeatSource): boolean {
  const row = session.get<Pick<WorkerRow, "id" | "beat">>(
    "SELECT id, beat FROM holdfast_worker WHERE id = ? AND dead = 0",
    id,
  );
  if (row === undefined || beats.of(row) !== beat) return false;
  return session.run("UPDATE holdfast_worker SET dead = 1 WHERE id = ?", row.id) > 0;
}

function heartInMemory(connection: Connection): Heart {
  return {
    beat: (workerId) =>
      connection.write(
        (session) =>
          session.run(
            "UPDATE holdfast_worker SET beat = beat + 1 WHERE id = ? AND dead = 0",
            idOf(workerId),
          ) > 0,
      ),
    close: async () => {},
  };
}

function workerOf(row: WorkerRow, beats: BeatSource): WorkerRecord {
  return {
    id: String(row.id),
    host: row.host,
    pid: row.pid,
    bootId: row.boot_id,
    queues: JSON.parse(row.queues) as string[],
    handlers: JSON.parse(row.handlers) as string[],
    versions: JSON.parse(row.versions) as Record<string, number>,
    leaseMs: row.lease_ms,
    startedAt: row.started_at,
    beat: beats.of(row),
  };
}
