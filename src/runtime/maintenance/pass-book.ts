import type { PassReport } from "../../core/worker-record.ts";

/** What the passes of one registration did, kept for its heartbeats to tell. */
export interface PassBook {
  note(name: string, run: Omit<PassReport, "runs" | "total">): void;
  /** All of it, by the name of the pass; the same object until something is noted. */
  read(): Readonly<Record<string, PassReport>>;
}

/** Messages of errors are for people, and go with every heartbeat. */
const mostErrorLength = 300;

/** An empty book. */
export function createPassBook(): PassBook {
  let passes: Readonly<Record<string, PassReport>> = {};
  return {
    note(name, { ranAt, tookMs, rows, error }) {
      const before = passes[name];
      const run: PassReport = {
        ranAt,
        tookMs,
        rows,
        runs: (before?.runs ?? 0) + 1,
        total: (before?.total ?? 0) + rows,
        error: error === null ? null : error.slice(0, mostErrorLength),
      };
      passes = { ...passes, [name]: run };
    },
    read: () => passes,
  };
}
