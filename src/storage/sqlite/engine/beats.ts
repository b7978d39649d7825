import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { translated } from "../sql-errors.ts";

/** Heartbeats in small files beside the database, one per worker, so that beating never needs the writer. */
export interface Beats {
  /** Raises a worker's beat. */
  raise(workerId: number): void;
  /** A worker's beat now; `"0"` before the first. */
  read(workerId: number): string;
  remove(workerId: number): void;
}

/** The beats of the workers of one database file. */
export function createBeats(file: string): Beats {
  const pathOf = (workerId: number): string => join(`${file}-beats`, String(workerId));
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
    remove: (workerId) => translated(() => rmSync(pathOf(workerId), { force: true })),
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
