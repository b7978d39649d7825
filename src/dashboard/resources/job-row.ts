import type { Job } from "../../core/job.ts";
import { cutText } from "../json/cut-text.ts";
import type { JobRedactor } from "../redact/redactor.ts";
import type { JobRow } from "../wire/jobs.ts";

const payloadCharacters = 200;
const errorCharacters = 300;
const progressCharacters = 2_000;

/** A job as a row of a list: short, and without what its reader may not see. */
export function jobRow(job: Job, redactor: JobRedactor): JobRow {
  const { id, name, queue, priority, state, attempt, crashes, worker } = job;
  const { createdAt, runAt, claimedAt, finishedAt, waitingFor, tags } = job;
  const error = errorOf(job);
  return {
    id,
    name,
    queue,
    priority,
    state,
    attempt,
    crashes,
    worker,
    createdAt,
    runAt,
    claimedAt,
    finishedAt,
    tags: tags.map((tag) => redactor.text(tag)),
    waitingFor: waitingFor === null ? null : redactor.text(waitingFor),
    progress: progressOf(redactor.json("progress")),
    payload: cutText(redactor.json("payload") ?? "null", payloadCharacters),
    error: error === null ? null : firstLine(redactor.text(error)),
    cancelling: job.cancelRequested !== null,
  };
}

/** What a filter's `error` is compared with. */
export function errorTexts({ attempts, reason }: Job): readonly string[] {
  const newest = attempts.at(-1)?.error?.message;
  return [...(newest === undefined ? [] : [newest]), ...(reason === null ? [] : [reason.message])];
}

function errorOf({ attempts, reason, state }: Job): string | null {
  const newest = attempts.at(-1)?.error?.message;
  return (state === "cancelled" ? reason?.message : (newest ?? reason?.message)) ?? null;
}

function firstLine(text: string): string {
  return cutText(
    text
      .slice(0, 4 * errorCharacters)
      .trimStart()
      .split(/[\r\n]/, 1)[0] ?? "",
    errorCharacters,
  );
}

/** Progress is a number, or a little of anything; more than a little is not for a row. */
function progressOf(text: string | null): unknown {
  if (text === null) return null;
  return text.length <= progressCharacters
    ? (JSON.parse(text) as unknown)
    : cutText(text, payloadCharacters);
}
