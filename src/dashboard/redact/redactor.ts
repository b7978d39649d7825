import type { RedactedPart } from "./redact-rule.ts";

/** A job as far as redaction goes: its JSON as text, `null` for what it has not got. */
export type JobTexts = Readonly<Record<RedactedPart, string | null>> & { readonly name: string };

/** What a visitor may see of one job. */
export interface JobRedactor {
  /** The JSON text of a part without what is hidden, integers exact; `null` where the job has none. */
  json(part: RedactedPart): string | null;
  /** The paths at which something was hidden, such as `payload.card.number`. */
  readonly hidden: readonly string[];
  /** Text in which none of the job's hidden values stands any more: errors, stacks, log lines, keys. */
  text(text: string): string;
  /** The same for every text in a value of JSON. */
  value<Value>(value: Value): Value;
}

/** Leaves out of JSON and text what one visitor may not see. */
export interface Redactor {
  /** False when this visitor may see everything. */
  readonly active: boolean;
  /** What they may see of a job. */
  of(job: JobTexts): JobRedactor;
  /** A payload, as a value, of a job that is not known: every rule counts, whatever its names. */
  anyPayload(payload: unknown): unknown;
  /** Text of which nobody knows what it repeats, such as an error of no certain job: all of it, or nothing. */
  anyText<Text extends string | null>(text: Text): Text | string;
  /** True when a path below the payload must be neither searched nor offered, whatever the job. */
  hides(path: readonly string[]): boolean;
}
