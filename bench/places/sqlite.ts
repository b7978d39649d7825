import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Place } from "./place.ts";

/** A temporary folder with a file for each measurement. */
export async function startSqlitePlace(): Promise<Place> {
  const folder = mkdtempSync(path.join(tmpdir(), "holdfast-bench-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  let rooms = 0;
  return {
    backend: "sqlite",
    version: process.versions["sqlite"] ?? "",
    settings:
      "a file on a local disk; WAL and synchronous=FULL for every system; Holdfast on Node's own SQLite, the peers on better-sqlite3",
    async openRoom() {
      const file = path.join(folder, `${++rooms}.db`);
      const files = [file, `${file}-wal`, `${file}-shm`, `${file}-journal`];
      return {
        url: `sqlite:${file}`,
        settle: async () => {},
        async drop() {
          for (const one of files) rmSync(one, { force: true });
        },
      };
    },
    cpuSeconds: async () => 0,
    stop: async () => remove(),
  };
}
