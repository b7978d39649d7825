import { checkOptions, rule } from "../core/check-options.ts";
import type { CancelOptions, JobsClient } from "../core/jobs-client.ts";
import type { Clock } from "../core/clock.ts";
import { HoldfastError } from "../core/errors.ts";
import type { OperatorOptions } from "../core/queues-client.ts";
import type { Registry } from "../core/registry.ts";
import type { Telemetry } from "../core/telemetry.ts";
import type { JobLog } from "../service/job-log.ts";
import type { Storage } from "../storage/contract/storage.ts";
import type { Auditor } from "./audit.ts";
import type { Gate } from "./gate.ts";
import { checkId, jobNotFound } from "./job-id.ts";
import { updateJob } from "./update-job.ts";

/** What operators' verbs work with. */
export interface JobsParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly gate: Gate;
  readonly audit: Auditor;
  readonly registry: Registry;
  readonly telemetry: Telemetry | undefined;
  readonly jobLog: JobLog;
}

/** The half of `client.jobs` that changes one job. */
export function createJobVerbs({
  storage,
  clock,
  gate,
  audit,
  registry,
}: JobsParts): Pick<JobsClient, "cancel" | "retry" | "runNow" | "update" | "delete"> {
  async function wakeQueueOf(id: string): Promise<void> {
    const job = await storage.getJob(id);
    if (job !== undefined) await storage.wake([job.queue]);
  }

  return {
    cancel: (id, options = {}) =>
      gate.pass("client.jobs.cancel", () => cancel({ storage, clock, audit }, id, options)),
    retry: (id, options = {}) =>
      gate.pass("client.jobs.retry", async () => {
        const by = checkVerb("client.jobs.retry", id, options);
        const answer = await storage.retryJob(id, clock.now());
        if (answer === "missing") throw jobNotFound(id);
        if (answer === "not-retryable") throw notRetryable(id);
        await wakeQueueOf(id);
        await audit({ by, action: "jobs.retry", target: `job:${id}` });
      }),
    runNow: (id, options = {}) =>
      gate.pass("client.jobs.runNow", async () => {
        const by = checkVerb("client.jobs.runNow", id, options);
        const answer = await storage.runJobNow(id, clock.now());
        if (answer === "missing") throw jobNotFound(id);
        if (answer === "finished") throw notWaiting(id);
        if (answer === "available") await wakeQueueOf(id);
        await audit({ by, action: "jobs.runNow", target: `job:${id}` });
      }),
    update: (id, change) =>
      gate.pass("client.jobs.update", async () => {
        await updateJob({ storage, clock, registry }, id, change);
        const { by, ...details } = change;
        await audit({ by, action: "jobs.update", target: `job:${id}`, details });
      }),
    delete: (id, options = {}) =>
      gate.pass("client.jobs.delete", async () => {
        const by = checkVerb("client.jobs.delete", id, options);
        const answer = await storage.deleteJob(id, clock.now());
        if (answer === "missing") throw jobNotFound(id);
        if (answer === "running") throw stillRunning(id);
        await audit({ by, action: "jobs.delete", target: `job:${id}` });
      }),
  };
}

/** Checks what a verb is given, and gives who does it. */
function checkVerb(call: string, id: string, options: OperatorOptions): string | undefined {
  checkId(id, call);
  checkOptions(call, options, { by: rule.note });
  return options.by;
}

async function cancel(
  { storage, clock, audit }: Pick<JobsParts, "storage" | "clock" | "audit">,
  id: string,
  options: CancelOptions,
): Promise<"cancelled" | "cancelling" | "finished"> {
  checkId(id, "client.jobs.cancel");
  checkOptions("client.jobs.cancel", options, { why: rule.note, by: rule.note });
  const { why = "Cancelled on request.", by = null } = options;
  const answer = await storage.cancelJob(id, { why, by, at: clock.now() });
  if (answer === "missing") throw jobNotFound(id);
  if (answer === "cancelling") await storage.wakeCancelled([id]);
  if (answer !== "finished") {
    await audit({
      by: options.by,
      action: "jobs.cancel",
      target: `job:${id}`,
      details: { why, answer },
    });
  }
  return answer;
}

function notRetryable(id: string): HoldfastError {
  return new HoldfastError(
    "JOB_NOT_RETRYABLE",
    `Job ${id} is neither cancelled nor discarded, so there is nothing to retry.`,
    { details: { id } },
  );
}

function notWaiting(id: string): HoldfastError {
  return new HoldfastError(
    "JOB_NOT_WAITING",
    `Job ${id} has finished; use client.jobs.retry for a cancelled or discarded one.`,
    { details: { id } },
  );
}

function stillRunning(id: string): HoldfastError {
  return new HoldfastError(
    "JOB_RUNNING",
    `Job ${id} is running; cancel it with client.jobs.cancel, and delete it when it has ended.`,
    { details: { id } },
  );
}
