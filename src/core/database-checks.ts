import { roughDuration } from "./duration.ts";
import type { ErrorCode, HoldfastError } from "./errors.ts";
import { type Check, factsOf, failureOf } from "./examination.ts";
import { type Finding, type FindingCode, finding } from "./finding.ts";
import { listed } from "./phrases.ts";

const migrate = 'Run "npx holdfast migrate", or let createClient do it with migrate: true.';

/** Failures that speak of the schema: the finding that tells of them, and what mends it. */
const ofSchema: Readonly<Partial<Record<ErrorCode, readonly [FindingCode, string]>>> = {
  SCHEMA_OUT_OF_DATE: ["schema-out-of-date", migrate],
  SCHEMA_TOO_NEW: ["schema-too-new", "Upgrade holdfast in this application."],
  SCHEMA_CHANGED: [
    "schema-changed",
    "Restore the released version of holdfast, or of your copy of the migration; applied steps are never edited.",
  ],
};

export const checkConnection: Check = ({ schema, health, fleet, wakeups }) => {
  const found: Finding[] = [];
  const failures = [schema, health, fleet, wakeups]
    .map(failureOf)
    .filter((failed) => failed !== undefined)
    .filter(({ code }) => ofSchema[code] === undefined);
  // One failure mostly is all of them: the first says enough.
  const [failed] = failures;
  if (failed !== undefined) found.push(refusal(failed));
  const writable = factsOf(health)?.writable;
  if (writable === "read-only" && failed?.code !== "STORAGE_READ_ONLY") {
    found.push(
      finding(
        "database-read-only",
        "Every enqueue, claim and settlement is refused.",
        "Connect to the primary, or take default_transaction_read_only back; for a file, give this user the right to write it and its folder.",
      ),
    );
  }
  if (writable === "busy") {
    found.push(
      finding(
        "writer-held",
        "Another process has had a write transaction open on this file for a second or longer; nobody else can write meanwhile.",
        "Find the process that keeps it open (lsof names those that have the file open) and make its transactions short.",
      ),
    );
  }
  return found;
};

function refusal(failed: HoldfastError): Finding {
  const { code, message } = failed;
  if (code === "STORAGE_UNAVAILABLE") {
    return finding(
      "database-unreachable",
      message,
      "Check that the server runs and that host, port, network and firewall let this machine through; for a file, check its path and its folder.",
    );
  }
  if (code === "STORAGE_READ_ONLY") {
    return finding(
      "database-read-only",
      message,
      "Connect to the primary; for a file, give this user the right to write it and its folder.",
    );
  }
  return finding(
    "database-unusable",
    `${code}: ${message}`,
    "Do what the message says, then ask the doctor again: it could not look at everything.",
  );
}

export const checkSchema: Check = ({ schema, health, fleet }) => {
  const status = factsOf(schema);
  if (status !== undefined && status.current < status.latest) {
    const detail = `It is at migration ${status.current}; this code has ${status.latest}.`;
    return [finding("schema-out-of-date", detail, migrate)];
  }
  const missing = factsOf(health)?.missing ?? [];
  const failures = [schema, fleet].map(failureOf).flatMap(schemaFinding).slice(0, 1);
  if (status === undefined && failures.length === 0) return undefined;
  // That a statement did not find what is missing is no news.
  return missing.length > 0 && status !== undefined ? [incomplete(missing)] : failures;
};

function schemaFinding(failed: HoldfastError | undefined): readonly Finding[] {
  const told = failed === undefined ? undefined : ofSchema[failed.code];
  if (failed === undefined || told === undefined) return [];
  const [code, fix] = told;
  return [finding(code, failed.message, fix)];
}

function incomplete(missing: readonly string[]): Finding {
  return finding(
    "schema-incomplete",
    `All migrations are written down as applied, but there is no valid ${listed(missing)}.`,
    'Restore what was removed: "npx holdfast migrate --plan" on an empty database prints the SQL of every step. For an index, build it again with that SQL.',
  );
}

export const checkPermissions: Check = ({ schema, health }) => {
  const facts = factsOf(health);
  if (facts === undefined) return undefined;
  const user = facts.server?.user ?? "this user";
  const found: Finding[] = [];
  if (facts.lacking.length > 0) {
    found.push(
      finding(
        "permission-missing",
        `${user} lacks ${listed(facts.lacking)}.`,
        `Grant it to ${user}: USAGE on the schema, SELECT, INSERT, UPDATE and DELETE on all its tables, USAGE and SELECT on its sequences, EXECUTE on its functions.`,
      ),
    );
  }
  const status = factsOf(schema);
  if (status !== undefined && status.current < status.latest && !facts.mayMigrate) {
    found.push(
      finding(
        "migrate-forbidden",
        `Migrations are pending, and ${user} may not create tables there.`,
        "Run the migrations as the owner of the schema.",
      ),
    );
  }
  if (facts.server?.mayTruncate === false && facts.missing.length === 0) {
    found.push(
      finding(
        "truncate-forbidden",
        `${user} may not TRUNCATE live_0 to live_3, so their space is given back by vacuum alone, and not while an old snapshot is open.`,
        `GRANT TRUNCATE ON the tables live_0 to live_3 TO ${user}.`,
      ),
    );
  }
  return found;
};

export const checkClock: Check = ({ aheadMs }, { clockSkewMs }) => {
  if (aheadMs === undefined) return undefined;
  if (Math.abs(aheadMs) <= clockSkewMs) return [];
  const apart = `${roughDuration(Math.abs(aheadMs))} ${aheadMs > 0 ? "ahead of" : "behind"}`;
  return [
    finding(
      "clock-skewed",
      `This machine's clock is ${apart} the database's. Holdfast goes by the database's, so jobs are not affected; times your code takes from its own clock are.`,
      "Let a time service (NTP) set the clocks of this machine and of the database's.",
    ),
  ];
};

/** Half of it is more than any server that works well ever keeps; from 0.9 on Holdfast adds nothing. */
const fullShare = 0.5;

export const checkWakeups: Check = ({ health, wakeups }) => {
  const ping = factsOf(wakeups);
  const usage = factsOf(health)?.server?.notifyUsage ?? 0;
  if (ping === undefined) return undefined;
  const found: Finding[] = [];
  if (!ping.heard) {
    found.push(
      finding(
        "wakeups-dead",
        `A wakeup sent to itself did not arrive: ${ping.why}. Polling finds the work all the same, later.`,
        "On PostgreSQL, let LISTEN have a direct connection: no transaction pooler and no proxy that cuts idle connections in between. On SQLite, let this user create and write the marker file beside the database.",
      ),
    );
  }
  if (usage >= fullShare) {
    found.push(
      finding(
        "notify-queue-full",
        `It is ${Math.round(usage * 100)} % full: a session that has sent LISTEN sits in an open transaction and reads nothing. Once it is full every NOTIFY on this server fails; Holdfast stops sending its own before.`,
        "End that session's transaction: see those that are idle in transaction in pg_stat_activity.",
      ),
    );
  }
  return found;
};
