import { expect, test } from "vitest";
import { plan } from "../../test/support/schedule-record.ts";
import { defineJob } from "./define-job.ts";
import { type NewJob, newJob, planJobs } from "./new-job.ts";
import { jobOfTick, planFormat, readPlan, scheduledJob } from "./schedule-plan.ts";

const declaredAt = 1_000;
const tickAt = 50_000;
const firedAt = 50_250;

function declared(settings: object): NewJob {
  const definition = defineJob<{ id: string }>({ name: "work", ...settings });
  return newJob(planJobs(definition, { tags: ["mail"] }), { id: "a" }, declaredAt) as NewJob;
}

test("the job of a tick is the one declared, of the tick's time", () => {
  const job = declared({ queue: "mail", priority: 2 });
  expect(jobOfTick(scheduledJob(job), "digest", tickAt, firedAt)).toEqual({
    ...job,
    createdAt: firedAt,
    runAt: tickAt,
    tags: ["mail", "schedule:digest", "tick:1970-01-01T00:00:50.000Z"],
  });
});

test("a unique key is held as long as the definition says, from each tick on", () => {
  const unique = { key: ({ id }: { id: string }) => id, within: "1h" };
  const kept = scheduledJob(declared({ unique }));
  expect(jobOfTick(kept, "digest", tickAt, firedAt).unique).toEqual({
    key: "a",
    while: "unfinished",
    until: firedAt + 3_600_000,
    onConflict: "skip",
  });
  const forGood = scheduledJob(declared({ unique: { key: "a", while: "ever" } }));
  expect(jobOfTick(forGood, "digest", tickAt, firedAt).unique?.until).toBeNull();
});

test("its lane and limits are those of the payload", () => {
  const job = declared({ lane: ({ id }: { id: string }) => id });
  expect(job.gates).toHaveLength(1);
  const kept = JSON.parse(JSON.stringify(scheduledJob(job))) as ReturnType<typeof scheduledJob>;
  expect(jobOfTick(kept, "digest", tickAt, firedAt).gates).toEqual(job.gates);
});

test("a plan is read as it was written, unless newer code wrote it", () => {
  expect(readPlan(JSON.stringify(plan()))).toEqual(plan());
  expect(readPlan(JSON.stringify(plan({ format: planFormat + 1 })))).toBeUndefined();
});
