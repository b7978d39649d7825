import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { translated } from "../sql-errors.ts";

/** Heartbeats in small files beside the database, two per worker, so that beating never needs the writer. */
export interface Beats {
  /** Raises a worker's beat. */
  raise(workerId: number): void;
  /** A worker's beat now; `"0"` before the first. */
  read(workerId: number): string;
  /** When a worker's beat was raised last, in milliseconds since the epoch; `undefined` before the first. */
  raisedAt(workerId: number): number | undefined;
  /** Keeps what a worker says of itself. Never throws: nothing depends on it. */
  say(workerId: number, report: string): void;
  /** What a worker said last; `null` before the first time. */
  said(workerId: number): string | null;
  remove(workerId: number): void;
}

/** The beats of the workers of one database file. */
export function createBeats(file: string): Beats {
  const pathOf = (workerId: number): string => join(`${file}-beats`, String(workerId));
  const reportOf = (workerId: number): string => `${pathOf(workerId)}.json`;
  function read(workerId: number): string {
    try {
      return String(Number(readFileSync(pathOf(workerId), "latin1")));
    } catch (error) {
      if (isMissing(error)) return "0";
      throw error;
    }
  }
  return {
    read: (workerId) => translated(() => read(workerId)),
    raise: (workerId) =>
      translated(() => {
        const next = String(Number(read(workerId)) + 1);
        overwrite(pathOf(workerId), next.padStart(beatDigits, "0"));
      }),
    raisedAt: (workerId) => statSync(pathOf(workerId), { throwIfNoEntry: false })?.mtimeMs,
    say(workerId, report) {
      try {
        replace(reportOf(workerId), report);
      } catch {
        // What was said before stands.
      }
    },
    said(workerId) {
      try {
        return readFileSync(reportOf(workerId), "utf8");
      } catch {
        return null;
      }
    },
    remove: (workerId) =>
      translated(() => {
        for (const path of [pathOf(workerId), reportOf(workerId)]) rmSync(path, { force: true });
      }),
  };
}

const beatDigits = 16;

/** In place and always the same length: a reader never finds the file empty. */
function overwrite(path: string, text: string): void {
  const descriptor = openForWriting(path);
  try {
    writeSync(descriptor, text, 0, "latin1");
  } finally {
    closeSync(descriptor);
  }
}

/** Of any length: a reader finds the old text or the new. */
function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

function openForWriting(path: string): number {
  const flags = constants.O_RDWR | constants.O_CREAT;
  try {
    return openSync(path, flags);
  } catch (error) {
    if (!isMissing(error)) throw error;
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, flags);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
