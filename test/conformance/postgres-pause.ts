import type { Place } from "./harness.ts";
import { eventually, type Pending, watch } from "./eventually.ts";

const tables = [
  "live",
  "later",
  "blocked",
  "done",
  "dead",
  "uniq",
  "idempotency",
  "generation",
  "keylock",
  "bucket",
  "worker",
  "queue",
  "capped",
] as const;

/**
 * Where a call is stopped: at the first row it changes, at the first it changes in a table, or when all is done and only the commit
 * is left.
 */
export type PausePoint =
  | "its first change"
  | `its change of ${(typeof tables)[number]}`
  | "its commit";

/** A stop for the calls of one connection's storage. */
export interface Pause {
  /** Starts a call and waits until it stands at the stop, or has ended without coming there. */
  arrive<Value>(call: () => Promise<Value>): Promise<Pending<Value>>;
  /** Lets the call go on. */
  release(): Promise<void>;
  /** Takes the stop out of the database, when every call has ended. */
  remove(): Promise<void>;
}

/** Puts a stop into the database for all storages whose connections bear a name. */
export async function pauseAt(place: Place, point: PausePoint, name: string): Promise<Pause> {
  const guard = await place.application();
  const observer = await place.application();
  await place.script(`
    CREATE FUNCTION ${place.table("pause")}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF current_setting('application_name') = '${name}' THEN PERFORM pg_advisory_xact_lock(1); END IF;
      RETURN coalesce(NEW, OLD);
    END $$;
    ${tables.map((table) => triggerOf(place, table, point)).join("\n")}
  `);
  // A transaction keeps its connection, and so its lock, behind a pooler too.
  await guard.query("BEGIN");
  await guard.query("SELECT pg_advisory_xact_lock(1)");
  return {
    async arrive(call) {
      const pending = watch(call());
      await eventually(
        `${name} stands at ${point}`,
        async () => pending.isSettled() || (await waits(observer, name)),
      );
      return pending;
    },
    async release() {
      await guard.query("COMMIT");
    },
    remove: () => place.script(`DROP FUNCTION ${place.table("pause")} CASCADE;`),
  };
}

/** Waits until a call has ended or waits for a lock. */
export async function untilStuck(
  place: Place,
  name: string,
  pending: Pending<unknown>,
): Promise<void> {
  const observer = await place.application();
  await eventually(
    `${name} has ended or waits for a lock`,
    async () => pending.isSettled() || (await waits(observer, name)),
  );
}

async function waits(
  observer: Awaited<ReturnType<Place["application"]>>,
  name: string,
): Promise<boolean> {
  const rows = await observer.query(`
    SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
      AND application_name = '${name}' AND cardinality(pg_blocking_pids(pid)) > 0`);
  return rows.length > 0;
}

function triggerOf(place: Place, table: (typeof tables)[number], point: PausePoint): string {
  if (point.startsWith("its change of") && point !== `its change of ${table}`) return "";
  const on = `ON ${place.table(table)}`;
  const run = `FOR EACH ROW EXECUTE FUNCTION ${place.table("pause")}()`;
  const change = "INSERT OR UPDATE OR DELETE";
  return point === "its commit"
    ? `CREATE CONSTRAINT TRIGGER pause AFTER ${change} ${on} DEFERRABLE INITIALLY DEFERRED ${run};`
    : `CREATE TRIGGER pause BEFORE ${change} ${on} ${run};`;
}
