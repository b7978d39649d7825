import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { StringDecoder } from "node:string_decoder";
import { wrongUsage } from "./exit-codes.ts";

const chunkBytes = 65_536;

/**
 * The lines of a file, read as they are asked for: a database that takes them in keeps everybody waiting anyway. Empty ones are
 * left out.
 *
 * @throws {HoldfastError} `INVALID_OPTION` when it cannot be read.
 */
export function* linesOf(file: string): Iterable<readonly [number: number, text: string]> {
  const descriptor = open(file, "r", "cannot be read");
  try {
    const decoder = new StringDecoder("utf8");
    const chunk = Buffer.alloc(chunkBytes);
    let [rest, number] = ["", 0];
    for (;;) {
      const bytes = readSync(descriptor, chunk, 0, chunkBytes, null);
      const lines = (
        rest + (bytes === 0 ? decoder.end() : decoder.write(chunk.subarray(0, bytes)))
      ).split("\n");
      rest = bytes === 0 ? "" : (lines.pop() ?? "");
      for (const line of lines) {
        number += 1;
        if (line.trim() !== "") yield [number, line];
      }
      if (bytes === 0) return;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** A file to write to. */
export interface WrittenFile {
  write(text: string): void;
  close(): void;
}

/**
 * Makes a file that was not there.
 *
 * @throws {HoldfastError} `INVALID_OPTION` when it is there already or cannot be made.
 */
export function createFile(file: string): WrittenFile {
  const descriptor = open(file, "wx", "cannot be made");
  return {
    write: (text) => void writeSync(descriptor, text),
    close: () => closeSync(descriptor),
  };
}

/** Puts text that comes bit by bit into a file that can be read twice, for as long as `use` runs. */
export async function spooled(
  input: AsyncIterable<string>,
  use: (file: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "holdfast-import-"));
  try {
    const file = path.join(folder, "lines");
    const spool = createFile(file);
    for await (const text of input) spool.write(text);
    spool.close();
    await use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function open(file: string, flags: "r" | "wx", says: string): number {
  try {
    return openSync(file, flags, 0o600);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw wrongUsage(`${file} ${says}: ${why}`, error);
  }
}
