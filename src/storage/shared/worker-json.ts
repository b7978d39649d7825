import type { WorkerRecord, WorkerReport } from "../../core/worker-record.ts";

/** The columns of a registration that both drivers keep as they are. */
export interface WorkerColumns {
  readonly host: string;
  readonly pid: number;
  readonly version: string | null;
  readonly boot_id: string;
  readonly queues: string;
  readonly slots: string;
  readonly handlers: string;
  readonly versions: string;
  readonly drained_by: string | null;
}

type Described =
  | "host"
  | "pid"
  | "version"
  | "bootId"
  | "queues"
  | "slots"
  | "handlers"
  | "versions"
  | "state"
  | "drainedBy";

/** What they say. */
export function workerFrom(row: WorkerColumns, draining: boolean): Pick<WorkerRecord, Described> {
  return {
    host: row.host,
    pid: row.pid,
    version: row.version,
    bootId: row.boot_id,
    queues: JSON.parse(row.queues) as string[],
    slots: JSON.parse(row.slots) as Record<string, number>,
    handlers: JSON.parse(row.handlers) as string[],
    versions: JSON.parse(row.versions) as Record<string, number>,
    state: draining ? "draining" : "running",
    drainedBy: row.drained_by,
  };
}

/** What a heartbeat said; one that cannot be read says nothing, and makes nobody look dead. */
export function reportFrom(json: string | null): WorkerReport | null {
  if (json === null) return null;
  try {
    return JSON.parse(json) as WorkerReport;
  } catch {
    return null;
  }
}

/** So long the registration of a dead worker that was to drain is kept: it may come back under another. */
export const drainKeptMs = 86_400_000;
