import { afterAll, beforeAll } from "vitest";
import { proveLaws } from "./law.ts";
import { laws } from "./laws.ts";
import { processLaws } from "./processes.ts";
import { emptyFile, freshFile, notOnSqlite } from "./sqlite-place.ts";
import { type StorageProcess, startStorageProcess } from "./storage-process.ts";

let other: StorageProcess;
beforeAll(() => {
  other = startStorageProcess();
});
afterAll(() => other.kill());

const open = (file: string) => other.open(file);

proveLaws(
  {
    driver: "SQLite file, second storages in another process",
    skips: notOnSqlite,
    empty: () => emptyFile(open),
    fresh: () => freshFile(open),
  },
  { ...laws, "several processes": processLaws },
);
