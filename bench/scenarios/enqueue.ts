import type { Member } from "../crew.ts";
import type { Scenario } from "../scenario.ts";
import type { Session } from "../session.ts";

export const enqueueByOne: Scenario = enqueueScenario("enqueue-1", 1, 1);
export const enqueueBy32: Scenario = enqueueScenario("enqueue-32", 1, 32);
export const enqueueBy8Processes: Scenario = enqueueScenario("enqueue-8-processes", 8, 1);

/** Jobs stored one call each, the next when the one before is durable. No worker runs. */
function enqueueScenario(id: string, processes: number, callers: number): Scenario {
  return {
    id,
    measures: [{ id, unit: "jobs/s", better: "higher" }],
    backends: ["postgres", "sqlite", "redis"],
    onePreset: true,
    slowInFull: processes > 1,
    async measure(session) {
      const members = await openProducers(session, id, processes);
      const { jobs, burstMs, burstWarmUpMs } = session.plan;
      const all = { callers, jobs: Math.ceil(jobs / processes), ms: burstMs };
      await Promise.all(members.map((one) => one.ask("burst", { ...all, ms: burstWarmUpMs })));
      const bursts = await Promise.all(members.map((one) => one.ask("burst", all)));
      return { [id]: bursts.reduce((sum, one) => sum + (one.jobs / one.ms) * 1_000, 0) };
    },
  };
}

/** Processes with their producers open, in a room of their own. */
async function openProducers(
  session: Session,
  label: string,
  processes: number,
): Promise<readonly Member[]> {
  const room = await session.openRoom(label);
  const members = Array.from({ length: processes }, () => session.startMember(room));
  await members[0]?.ask("prepare", null);
  await Promise.all(members.map((one) => one.ask("openProducer", null)));
  await room.settle();
  return members;
}

/** 100k jobs handed over at once. */
export const bulkEnqueue: Scenario = {
  id: "bulk-100k",
  measures: [{ id: "bulk-100k", unit: "jobs/s", better: "higher" }],
  backends: ["postgres", "sqlite", "redis"],
  onePreset: true,
  async measure(session) {
    const [member] = await openProducers(session, "bulk", 1);
    const most = session.plan.jobs;
    const jobs = session.system.wholeBulk === true ? most : session.share(most);
    await member?.ask("bulk", { jobs: Math.min(jobs, session.plan.warmUpJobs) });
    const ms = (await member?.ask("bulk", { jobs })) ?? 0;
    return { "bulk-100k": (jobs / ms) * 1_000 };
  },
};
