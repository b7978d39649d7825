import type { Job } from "../../core/job.ts";
import type { JobTexts } from "../redact/redactor.ts";

/** The JSON of a job as text. */
export function jobTexts(job: Job): JobTexts {
  return {
    name: job.name,
    payload: textOf(job.payload),
    result: textOf(job.result),
    checkpoint: textOf(job.checkpoint),
    progress: textOf(job.progress),
  };
}

function textOf(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}
