import { afterAll, beforeAll } from "vitest";
import { stress } from "../chaos/support/settings.ts";
import { type Chapter, proveLaws } from "./law.ts";
import { laws } from "./laws.ts";
import { processLaws } from "./processes.ts";
import { emptyFile, freshFile, notOnSqlite } from "./sqlite-place.ts";
import { type StorageProcess, startStorageProcess } from "./storage-process.ts";

let other: StorageProcess;
beforeAll(() => {
  other = startStorageProcess();
});
afterAll(() => other.kill());

/** The short form has the chapters in which a second storage often takes part; elsewhere the file's own laws say the same. */
const meeting = [
  "storage",
  "schema",
  "transact",
  "transact: savepoints",
  "enqueue",
  "enqueue: unique keys",
  "enqueue: the caller's transaction",
  "claim",
  "admit: limits",
  "maintain: promote",
  "maintain: rescue",
  "maintain: prune",
  "presence",
  "limit",
  "wakeup",
  "races",
  "traps",
];
const short: Readonly<Record<string, Chapter>> = Object.fromEntries(
  Object.entries(laws).filter(([title]) => meeting.includes(title)),
);

const open = (file: string) => other.open(file);

const skips = {
  ...notOnSqlite,
  ...(stress && {
    "however many fire a tick at once, it makes one job":
      "what a tick makes of its schedule is a function, and no other process can be handed one; test/chaos/cron.test.ts fires from many",
  }),
};

proveLaws(
  {
    driver: "SQLite file, second storages in another process",
    skips,
    empty: () => emptyFile(open),
    fresh: () => freshFile(open),
  },
  { ...(stress ? laws : short), "several processes": processLaws },
);
