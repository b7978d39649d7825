import { once } from "node:events";

/**
 * Another program that uses the same file and knows nothing of Holdfast: takes the exclusive lock, says so, and lets go
 * when it is told to, or when its test is gone.
 */
const { DatabaseSync } = await import("node:sqlite").catch(() => import("@photostructure/sqlite"));
const database = new DatabaseSync(process.argv[2] ?? "");
database.exec("PRAGMA busy_timeout = 10000");
database.exec("BEGIN EXCLUSIVE");
process.send?.("locked");
await Promise.race([once(process, "message"), once(process, "disconnect")]);
database.exec("COMMIT");
database.close();
if (process.connected) process.disconnect();
