import { proveLaws } from "./law.ts";
import { laws } from "./laws.ts";
import { historyLaws } from "./model/histories.ts";
import { emptyFile, freshFile, notOnSqlite } from "./sqlite-place.ts";

proveLaws(
  {
    driver: "SQLite file",
    skips: notOnSqlite,
    empty: () => emptyFile(),
    fresh: () => freshFile(),
  },
  { ...laws, histories: historyLaws },
);
