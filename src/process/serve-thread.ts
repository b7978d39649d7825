import { parentPort } from "node:worker_threads";
import { defaults } from "../core/defaults.ts";
import { type Duration, parseDuration } from "../core/duration.ts";
import { DiscardError, ThrottleError } from "../core/endings.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Ending } from "../core/job-context.ts";
import { encodeJson, type JsonRole } from "../core/json.ts";
import type { Logger } from "../core/logger.ts";
import { storeError } from "../core/stored-error.ts";
import { traceText } from "../core/trace.ts";
import { protocolVersion } from "./protocol/child-message.ts";
import { type ParentMessage, withMember } from "./protocol/parent-message.ts";

/** What a job's function in a thread is given beside the payload. */
export interface ThreadJob {
  readonly id: string;
  /** Raised by every claim: with `id` it fences effects elsewhere. */
  readonly run: number;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly name: string;
  readonly queue: string;
  /** The trace it runs in, as the context of any handler has it. */
  readonly trace: string | undefined;
  /** Aborts when the job is to stop, as soon as the thread's own event loop turns. */
  readonly signal: AbortSignal;
  /** Writes to the worker's logger. */
  readonly log: Logger;
  /** Stores how far the job is, any JSON. */
  progress(value: unknown): void;
  /** Runs again later, no attempt spent; return it. */
  snooze(delay: Duration): Ending;
}

/** The function that does the jobs of a thread. */
export type ThreadFunction<Payload, Result> = (
  payload: Payload,
  job: ThreadJob,
) => Result | Ending | Promise<Result | Ending>;

type JobMessage = Extract<ParentMessage, { type: "job" }>;

const resultRole: JsonRole = {
  called: "result",
  invalid: "RESULT_INVALID",
  maxBytes: defaults.resultBytes,
};
const progressRole: JsonRole = {
  called: "progress",
  invalid: "PAYLOAD_INVALID",
  maxBytes: defaults.payloadBytes,
};

/**
 * Serves the jobs of a `threadHandler`; called once, in the module whose URL it was given. A `DiscardError` or
 * `ThrottleError` the function throws means the same as in any handler.
 *
 * @throws {HoldfastError} `INVALID_OPTION` outside of such a thread.
 * @example
 * ```ts
 * import { createHash } from "node:crypto";
 * import { readFileSync } from "node:fs";
 * import { serveThread } from "holdfast/process";
 *
 * serveThread(({ path }: { path: string }) =>
 *   createHash("sha256").update(readFileSync(path)).digest("hex"),
 * );
 * ```
 */
export function serveThread<Payload = unknown, Result = unknown>(
  run: ThreadFunction<Payload, Result>,
): void {
  const port = parentPort;
  if (port === null) {
    throw new HoldfastError(
      "INVALID_OPTION",
      "serveThread was called outside of a thread; give this file's URL to threadHandler.",
    );
  }
  const say: Say = (text) => port.postMessage(text);
  let stop = new AbortController();
  port.on("message", (text: string) => {
    const message = JSON.parse(text) as ParentMessage;
    switch (message.type) {
      case "hello":
        return say(JSON.stringify({ type: "ready", protocol: protocolVersion }));
      case "job":
        stop = new AbortController();
        return void serve(message, run, stop.signal, say);
      case "cancel":
        return stop.abort(
          Object.assign(new Error(message.message), { name: "AbortError", kind: message.reason }),
        );
    }
  });
}

/** Says a line to the pool. */
type Say = (text: string) => void;

async function serve<Payload, Result>(
  message: JobMessage,
  run: ThreadFunction<Payload, Result>,
  signal: AbortSignal,
  say: Say,
): Promise<void> {
  const { id } = message;
  let over = false;
  // What the function still says after it has returned would be taken for a breach of the protocol.
  const [job, snoozed] = createThreadJob(message, signal, (text) => void (over || say(text)));
  try {
    const value = await run(message.payload as Payload, job);
    const reply = replyTo(id, value, snoozed());
    over = true;
    say(reply);
  } catch (error) {
    over = true;
    // An ending that was chosen stands, as it does for a handler on the main thread.
    const chosen = snoozed();
    if (chosen === undefined) say(JSON.stringify(replyToThrow(id, error)));
    else say(replyTo(id, undefined, chosen));
  }
}

function replyTo(id: string, value: unknown, snoozed: number | undefined): string {
  if (snoozed !== undefined) return JSON.stringify({ type: "snooze", id, delay: snoozed });
  if (value === undefined) return JSON.stringify({ type: "ok", id });
  return withMember({ type: "ok", id }, "result", encodeJson(value, resultRole));
}

function replyToThrow(id: string, error: unknown): object {
  const { name, message, code, stack } = storeError(error);
  if (error instanceof DiscardError) return { type: "discard", id, message };
  if (!(error instanceof ThrottleError)) return { type: "error", id, name, message, code, stack };
  const { retryAfter } = error;
  if (retryAfter === undefined) return { type: "throttled", id, message };
  try {
    return { type: "throttled", id, retryAfter: parseDuration(retryAfter, "retryAfter"), message };
  } catch (invalid) {
    return replyToThrow(id, invalid);
  }
}

function createThreadJob(
  { id, job, run, attempt, name, queue, ...trace }: JobMessage,
  signal: AbortSignal,
  say: Say,
): readonly [ThreadJob, () => number | undefined] {
  let snoozed: number | undefined;
  const logAt =
    (level: keyof Logger) =>
    (fields: Readonly<Record<string, unknown>>, message: string): void =>
      say(withMember({ type: "log", id, level, message }, "fields", encodeFields(fields)));
  const threadJob: ThreadJob = {
    id: job,
    run,
    attempt,
    name,
    queue,
    trace: traceText(trace),
    signal,
    log: { debug: logAt("debug"), info: logAt("info"), warn: logAt("warn"), error: logAt("error") },
    progress: (value) =>
      say(withMember({ type: "progress", id }, "value", encodeJson(value, progressRole))),
    snooze(delay) {
      snoozed = parseDuration(delay, "snooze");
      return { snoozed: delay } as unknown as Ending;
    },
  };
  return [threadJob, () => snoozed];
}

/** A log line takes anything and never fails; an error among the fields is told as what is kept of it. */
function encodeFields(fields: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(fields, (_key, value: unknown) =>
      value instanceof Error ? storeError(value) : value,
    );
  } catch (error) {
    return JSON.stringify({ unreadable: storeError(error) });
  }
}
