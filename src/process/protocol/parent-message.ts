import { defaults } from "../../core/defaults.ts";
import type { AbortReason, JobContext } from "../../core/job-context.ts";
import { encodeJson, type JsonRole } from "../../core/json.ts";
import { traceOf } from "../../core/trace.ts";
import { protocolVersion } from "./child-message.ts";

/** What a child is told of its job, beside the payload. */
export type JobFacts = Pick<JobContext, "id" | "run" | "attempt" | "name" | "queue" | "trace">;

/** Anything a pool may say to a child. */
export type ParentMessage =
  | { readonly type: "hello"; readonly protocol: number }
  | {
      readonly type: "job";
      readonly id: string;
      readonly job: string;
      readonly run: number;
      readonly attempt: number;
      readonly name: string;
      readonly queue: string;
      readonly traceparent?: string;
      readonly tracestate?: string;
      readonly payload: unknown;
    }
  | {
      readonly type: "cancel";
      readonly id: string;
      readonly reason: AbortReason["kind"];
      readonly message: string;
      readonly graceMs: number;
    };

const payloadRole: JsonRole = {
  called: "payload for the child",
  invalid: "PAYLOAD_INVALID",
  maxBytes: defaults.childLineBytes,
};

/** What a child has to name in everything it says of a job: no other request has the same, however often the job is run. */
export function requestId({ id, run }: Pick<JobFacts, "id" | "run">): string {
  return `${id}:${run}`;
}

/** The first line a child gets. */
export function helloLine(): string {
  return JSON.stringify({ type: "hello", protocol: protocolVersion } satisfies ParentMessage);
}

/**
 * The line that hands a job to a child. Its payload comes last, so that a child without a JSON parser can find the rest.
 *
 * @throws {HoldfastError} `PAYLOAD_INVALID`, `PAYLOAD_TOO_LARGE` for what the payload's schema made of it.
 */
export function jobLine(facts: JobFacts, payload: unknown): string {
  const { id: job, run, attempt, name, queue } = facts;
  const trace = traceOf(facts.trace ?? null);
  const head = { type: "job", id: requestId(facts), job, run, attempt, name, queue, ...trace };
  return withMember(head, "payload", encodeJson(payload, payloadRole));
}

/** The line that asks a child to stop. */
export function cancelLine(
  id: string,
  reason: Pick<AbortReason, "kind" | "message">,
  graceMs: number,
): string {
  const { kind, message } = reason;
  const line: ParentMessage = { type: "cancel", id, reason: kind, message, graceMs };
  return JSON.stringify(line);
}

/** An object's JSON with a last member that is JSON already. */
export function withMember(head: object, name: string, json: string): string {
  return `${JSON.stringify(head).slice(0, -1)},${JSON.stringify(name)}:${json}}`;
}
