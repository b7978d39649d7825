import { HoldfastError } from "../../core/errors.ts";
import type { Call } from "../route.ts";
import { type ShownJob, shownWhole } from "./job-texts.ts";
import { withShownRefusal } from "./shown-refusal.ts";

/**
 * The job that a path names.
 *
 * @throws {HoldfastError} `JOB_NOT_FOUND`.
 */
export async function knownJob(call: Call, id = call.params["id"] ?? ""): Promise<ShownJob> {
  const job = /^\d{1,19}$/.test(id) ? await call.client.jobs.get(id) : undefined;
  if (job !== undefined) return { job, shown: await shownWhole(call, job) };
  throw new HoldfastError(
    "JOB_NOT_FOUND",
    `There is no job ${JSON.stringify(id.slice(0, 40))}. Finished jobs are removed when their time is over.`,
    { details: { id: id.slice(0, 40) } },
  );
}

/** Does something to a job; what it is refused with tells nobody what is hidden from them. */
export async function actOnJob<Answer>(
  call: Call,
  act: (id: string, known: ShownJob | undefined) => Promise<Answer>,
): Promise<Answer> {
  const id = call.params["id"] ?? "";
  const known = call.redactor.active ? await knownJob(call, id) : undefined;
  return withShownRefusal(known?.shown, () => act(id, known));
}
