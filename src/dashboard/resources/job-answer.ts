import type { JobExplanation } from "../../core/explain.ts";
import type { Job } from "../../core/job.ts";
import type { LogLine } from "../../core/log-line.ts";
import type { JobRedactor } from "../redact/redactor.ts";
import type { JobAnswer, JobRecentAnswer } from "../wire/jobs.ts";

/** Everything about a job that its reader may see. */
export function jobAnswer(job: Job, shown: JobRedactor, now: number): JobAnswer {
  const { cancelRequested: cancel, reason, uniqueKey, waitingFor } = job;
  return {
    ...job,
    payload: shown.json("payload") ?? "null",
    result: shown.json("result"),
    checkpoint: shown.json("checkpoint"),
    progress: shown.json("progress"),
    attempts: job.attempts.map(({ error, ...attempt }) =>
      error === undefined ? attempt : { ...attempt, error: shown.value(error) },
    ),
    gates: job.gates.map(({ gate, weight }) => ({ gate: shown.text(gate), weight })),
    cancelRequested: cancel === null ? null : { ...cancel, why: shown.text(cancel.why) },
    reason: reason === null ? null : { ...reason, message: shown.text(reason.message) },
    uniqueKey: uniqueKey === null ? null : shown.text(uniqueKey),
    waitingFor: waitingFor === null ? null : shown.text(waitingFor),
    tags: job.tags.map((tag) => shown.text(tag)),
    redacted: shown.hidden,
    now,
  };
}

const texts = new Set(["text", "gate", "key", "scope", "message", "why"]);

/** An explanation without what its reader may not see; ids and names in it stay, so that they still lead somewhere. */
export function shownExplanation(explanation: JobExplanation, shown: JobRedactor): JobExplanation {
  const reasons = explanation.reasons.map((reason) => scrubTexts(reason, shown));
  return { ...explanation, reasons, sentence: shown.text(explanation.sentence) };
}

function scrubTexts<Value extends object>(value: Value, shown: JobRedactor): Value {
  const entries = Object.entries(value).map(([key, member]: [string, unknown]) => {
    if (typeof member === "string") return [key, texts.has(key) ? shown.text(member) : member];
    const isPart = typeof member === "object" && member !== null && !Array.isArray(member);
    return [key, isPart ? scrubTexts(member, shown) : member];
  });
  return Object.fromEntries(entries) as Value;
}

/** Log lines without what their reader may not see. */
export function shownLines(lines: readonly LogLine[], shown: JobRedactor): readonly LogLine[] {
  return lines.map((line) => ({
    ...line,
    message: shown.text(line.message),
    fields: shown.value(line.fields),
  }));
}

/** A job as a bar. */
export function jobBar(job: Job): JobRecentAnswer["jobs"][number] {
  const { id, state, attempts, finishedAt, claimedAt, runAt } = job;
  const newest = attempts.at(-1);
  return {
    id,
    state,
    ranMs: newest === undefined ? null : newest.ended - newest.began,
    at: finishedAt ?? claimedAt ?? runAt,
  };
}
