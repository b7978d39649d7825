import { randomBytes } from "node:crypto";
import pg from "pg";
import { hasPgbouncer, openPgbouncer } from "./pgbouncer.ts";

/** What is behind the pooler of a whole run. */
export interface Pooled {
  /** Straight to the server, as one who may do everything: for what the tests themselves do. */
  readonly adminUrl: string;
  /** The ordinary user as whom everybody comes through the pooler; it owns the databases. */
  readonly owner: string;
  /** Straight to the server as that user, in the mode that listens there. */
  readonly listenUrl: string | undefined;
}

/** Enough for what one test does at once, and far fewer than its clients. */
const servers = 16;

/** Puts PgBouncer in transaction mode before a server, for an ordinary user; `mode` is `listen-off` or `listen-direct`. */
export async function openPooled(adminUrl: string, mode: string) {
  if (mode !== "listen-off" && mode !== "listen-direct") {
    throw new Error(`HOLDFAST_TEST_POOLER is listen-off or listen-direct, not ${mode}.`);
  }
  if (!hasPgbouncer) throw new Error("There is no pgbouncer: apt-get install pgbouncer");
  const owner = `ordinary_${randomBytes(4).toString("hex")}`;
  const password = randomBytes(9).toString("hex");
  const admin = new pg.Client(adminUrl);
  await admin.connect();
  await admin.query(`CREATE ROLE ${owner} LOGIN PASSWORD '${password}'`);
  const ordinary = new URL(adminUrl);
  ordinary.username = owner;
  ordinary.password = password;
  const bouncer = await openPgbouncer(ordinary.href, { servers });
  const listenUrl = mode === "listen-direct" ? ordinary.href : undefined;
  const pooled: Pooled = { adminUrl, owner, listenUrl };
  return {
    url: bouncer.url,
    pooled,
    async close() {
      await bouncer.close();
      await admin.query(`DROP ROLE ${owner}`).catch(() => {});
      await admin.end();
    },
  };
}
