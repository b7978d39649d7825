import { describe, test } from "vitest";
import { hasBetterSqlite } from "../support/sqlite-handle.ts";
import { proveLaws } from "./law.ts";
import { laws } from "./laws.ts";
import { betterFile, notOnSqlite } from "./sqlite-place.ts";

if (hasBetterSqlite) {
  proveLaws({ driver: "SQLite by better-sqlite3", skips: notOnSqlite, ...betterFile }, laws);
} else {
  describe("SQLite by better-sqlite3", () => {
    test.skip("its current version does not run on Node 20", () => {});
  });
}
