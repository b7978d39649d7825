import type { ErrorCode, HoldfastError } from "./errors.ts";
import { type Check, factsOf, failureOf } from "./examination.ts";
import { type Finding, finding } from "./finding.ts";

/** Failures that speak of the schema, and the findings that tell of them. */
const ofSchema: Readonly<Partial<Record<ErrorCode, (failed: HoldfastError) => Finding>>> = {
  SCHEMA_OUT_OF_DATE: ({ message }) => finding("schema-out-of-date", { message }),
  SCHEMA_TOO_NEW: ({ message }) => finding("schema-too-new", { message }),
  SCHEMA_CHANGED: ({ message }) => finding("schema-changed", { message }),
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
    found.push(finding("database-read-only", { message: null }));
  }
  if (writable === "busy") found.push(finding("writer-held", {}));
  return found;
};

function refusal(failed: HoldfastError): Finding {
  const { code, message } = failed;
  if (code === "STORAGE_UNAVAILABLE") return finding("database-unreachable", { message });
  if (code === "STORAGE_READ_ONLY") return finding("database-read-only", { message });
  return finding("database-unusable", { error: code, message });
}

export const checkSchema: Check = ({ schema, health, fleet }) => {
  const status = factsOf(schema);
  if (status !== undefined && status.current < status.latest) {
    const { current, latest } = status;
    return [finding("schema-out-of-date", { current, latest })];
  }
  const missing = factsOf(health)?.missing ?? [];
  const failures = [schema, fleet].map(failureOf).flatMap(schemaFinding).slice(0, 1);
  if (status === undefined && failures.length === 0) return undefined;
  // That a statement did not find what is missing is no news.
  return missing.length > 0 && status !== undefined
    ? [finding("schema-incomplete", { missing })]
    : failures;
};

function schemaFinding(failed: HoldfastError | undefined): readonly Finding[] {
  const told = failed === undefined ? undefined : ofSchema[failed.code]?.(failed);
  return told === undefined ? [] : [told];
}

export const checkPermissions: Check = ({ schema, health }) => {
  const facts = factsOf(health);
  if (facts === undefined) return undefined;
  const user = facts.server?.user ?? null;
  const found: Finding[] = [];
  if (facts.lacking.length > 0) {
    found.push(finding("permission-missing", { user, lacking: facts.lacking }));
  }
  const status = factsOf(schema);
  if (status !== undefined && status.current < status.latest && !facts.mayMigrate) {
    found.push(finding("migrate-forbidden", { user }));
  }
  if (facts.server?.mayTruncate === false && facts.missing.length === 0) {
    found.push(finding("truncate-forbidden", { user }));
  }
  return found;
};

export const checkClock: Check = ({ aheadMs }, { clockSkewMs }) => {
  if (aheadMs === undefined) return undefined;
  return Math.abs(aheadMs) <= clockSkewMs ? [] : [finding("clock-skewed", { aheadMs })];
};

/** Half of it is more than any server that works well ever keeps; from 0.9 on Holdfast adds nothing. */
const fullShare = 0.5;

export const checkWakeups: Check = ({ health, wakeups }) => {
  const ping = factsOf(wakeups);
  const usage = factsOf(health)?.server?.notifyUsage ?? 0;
  if (ping === undefined) return undefined;
  const found: Finding[] = [];
  if (!ping.heard) found.push(finding("wakeups-dead", { why: ping.why }));
  if (usage >= fullShare) found.push(finding("notify-queue-full", { share: usage }));
  return found;
};
