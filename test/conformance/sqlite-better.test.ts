import { describe } from "vitest";
import { stress } from "../chaos/support/settings.ts";
import { hasBetterSqlite } from "../support/sqlite-handle.ts";
import { proveLaws } from "./law.ts";
import { laws } from "./laws.ts";
import { betterFile, notOnSqlite } from "./sqlite-place.ts";

/**
 * The SQL is the same through either library; what can differ is how values are bound and read, how statements are kept, and what
 * transactions do. The chapters about those run always, all others in the stress.
 */
const chapters = Object.entries(laws).filter(
  ([name]) => stress || /^(schema$|transact|enqueue|claim$|settle|turn|stats$|inspect$)/.test(name),
);

describe.skipIf(!hasBetterSqlite)("better-sqlite3 13 does not run on Node 20", () => {
  proveLaws(
    { driver: "SQLite by better-sqlite3", skips: notOnSqlite, ...betterFile },
    Object.fromEntries(chapters),
  );
});
