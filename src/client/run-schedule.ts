import type { Clock } from "../core/clock.ts";
import type { EnqueueReceipt } from "../core/enqueue-options.ts";
import { HoldfastError } from "../core/errors.ts";
import { jobOfTick, readPlan } from "../core/schedule-plan.ts";
import { isUnderWay } from "../service/last-job.ts";
import type { Storage } from "../storage/contract/storage.ts";
import { scheduleNotFound, untilWritten } from "./write-schedule.ts";

/**
 * Makes the job of a schedule now.
 *
 * @throws {HoldfastError} `SCHEDULE_NOT_FOUND`, `SCHEDULE_OVERLAP`, what storing the job throws.
 */
export async function runScheduleNow(
  { storage, clock }: { readonly storage: Storage; readonly clock: Clock },
  name: string,
): Promise<EnqueueReceipt> {
  return untilWritten("client.schedules.runNow", async () => {
    const from = await storage.getSchedule(name);
    if (from === undefined) throw scheduleNotFound(name);
    const plan = readPlan(from.plan);
    if (plan.overlap === "skip" && (await isUnderWay(storage, from.lastJob))) {
      throw overlapping(name, from.lastJob);
    }
    const now = clock.now();
    const job = jobOfTick(plan.job, name, now, now);
    const answer = await storage.fireSchedule({ name, from }, [job], (receipts) => ({
      ...from,
      lastJob: receipts.at(-1)?.id ?? from.lastJob,
    }));
    return answer?.receipts[0];
  });
}

function overlapping(name: string, job: string | null): HoldfastError {
  return new HoldfastError(
    "SCHEDULE_OVERLAP",
    `The jobs of schedule ${JSON.stringify(name)} may not overlap, and job ${job} has not finished; wait for it or cancel it.`,
    { details: { schedule: name, job } },
  );
}
