import { expect, test } from "vitest";
import { plan } from "../../test/support/schedule-record.ts";
import { defineJob } from "./define-job.ts";
import { type NewJob, newJob, planJobs } from "./new-job.ts";
import {
  isNewer,
  jobOfTick,
  parsePlan,
  planFormat,
  readPlan,
  scheduledJob,
} from "./schedule-plan.ts";

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

test("a plan is read as it was written, and newer code's is known as such", () => {
  const stored = plan();
  expect(readPlan(JSON.stringify(stored))).toEqual(stored);
  expect(isNewer(stored)).toBe(false);
  expect(isNewer(plan({ format: planFormat + 1 }))).toBe(true);
  const cron = plan({ rule: { cron: "* * * * *", timeZone: "UTC" } });
  expect(parsePlan(JSON.stringify(cron))).toEqual(cron);
});

const broken: Readonly<Record<string, unknown>> = {
  "no object": 7,
  null: null,
  "no format": { ...plan(), format: "1" },
  "no job": { ...plan(), job: null },
  "no name": { ...plan(), job: { ...plan().job, name: 5 } },
  "no payload": { ...plan(), job: { ...plan().job, payload: {} } },
  "no tags": { ...plan(), job: { ...plan().job, tags: "a" } },
  "no rule": { ...plan(), rule: {} },
  "a zone that is none": { ...plan(), rule: { cron: "* * * * *" } },
  "a pause that is none": { ...plan(), rule: { everyMs: 0, anchor: 0 } },
  "an anchor that is none": { ...plan(), rule: { everyMs: 1_000, anchor: null } },
};

test.each([["{"], ...Object.entries(broken).map(([, value]) => [JSON.stringify(value)])])(
  "an edit by hand that went wrong is told of: %s",
  (text) => {
    expect(parsePlan(text)).toBeUndefined();
    expect(() => readPlan(text)).toThrow(expect.objectContaining({ code: "SCHEDULE_FAILED" }));
  },
);
