import { setTimeout as sleep } from "node:timers/promises";
import { untilHandled } from "../crew.ts";
import { monotonicMs, textOfBytes } from "../payload.ts";
import type { Scenario } from "../scenario.ts";
import type { Session } from "../session.ts";
import { type Crew, drainNow, openConsumers, openCrew, settled, warmUp } from "./drain.ts";

const callers = 32;
/** A tenth of a drain's jobs: one by one, slow systems need their time. */
const shareOfJobs = 0.1;
/** Of fewer, starting a worker would be too much of the CPU that is measured. */
const leastForCpu = 4_000;
const mostAtOnce = 100_000;
const settlingMs = 300;
const patience = { withinMs: 600_000 };

/** Seconds of CPU of client and server for storing jobs from 32 callers and draining them with one process. */
export const cpuPer100k: Scenario = {
  id: "cpu-per-100k",
  measures: [{ id: "cpu-per-100k", unit: "s", better: "lower" }],
  backends: ["postgres", "sqlite", "redis"],
  slowInFull: true,
  async measure(session) {
    const jobs = session.share(session.plan.jobs * shareOfJobs, leastForCpu);
    const crew = await openCrew(session, await session.openRoom("cpu"), 1);
    await crew.producer.ask("prepare", null);
    await crew.producer.ask("openProducer", null);
    await warmUp(session, crew);
    await crew.room.settle();
    const storing = await secondsOf(session, crew, () =>
      crew.producer.ask("burst", { callers, jobs, ms: patience.withinMs }, patience),
    );
    // Opening is not measured: it costs the same for one job as for a million.
    await openConsumers(crew.workers);
    const draining = await secondsOf(session, crew, async () => {
      await drainNow(crew.workers, jobs);
      // What was handled last is still being settled.
      await sleep(settlingMs);
    });
    await settled(session, crew, jobs);
    return { "cpu-per-100k": ((storing + draining) / jobs) * 100_000 };
  },
};

/** Seconds of CPU of client and server while `work` runs. */
async function secondsOf(
  { place }: Session,
  crew: Crew,
  work: () => Promise<unknown>,
): Promise<number> {
  const spent = async () => (await place.cpuSeconds()) + (await clientSeconds(crew));
  const before = await spent();
  await work();
  return (await spent()) - before;
}

async function clientSeconds({ producer, workers }: Crew): Promise<number> {
  const each = await Promise.all(
    [producer, ...workers].map((member) => member.ask("cpuSeconds", null)),
  );
  return each.reduce((sum, seconds) => sum + seconds, 0);
}

/** Bytes of WAL for a job's whole life, stored from 32 callers and drained by one process. */
export const walPerJob: Scenario = {
  id: "wal-per-job",
  measures: [{ id: "wal-per-job", unit: "B", better: "lower" }],
  backends: ["postgres"],
  otherwise: "it writes no WAL of PostgreSQL",
  once: true,
  onePreset: true,
  async measure(session) {
    const jobs = session.share(session.plan.jobs * shareOfJobs);
    const crew = await openCrew(session, await session.openRoom("wal"), 1);
    await crew.producer.ask("prepare", null);
    await crew.producer.ask("openProducer", null);
    await crew.room.settle();
    const from = (await crew.room.sql?.walPosition()) ?? "0/0";
    const text = textOfBytes(200);
    await crew.producer.ask("burst", { callers, jobs, ms: patience.withinMs, text }, patience);
    await openConsumers(crew.workers);
    await drainNow(crew.workers, jobs);
    await settled(session, crew, jobs);
    return { "wal-per-job": ((await crew.room.sql?.walSince(from)) ?? 0) / jobs };
  },
};

/** Memory of a worker that has handled many jobs. */
export const workerMemory: Scenario = {
  id: "worker-memory",
  measures: [{ id: "worker-memory", unit: "MB", better: "lower" }],
  backends: ["postgres", "sqlite", "redis"],
  slowInFull: true,
  once: true,
  onePreset: true,
  async measure(session) {
    const { memoryJobs, memoryPeerMs } = session.plan;
    const jobs = session.share(memoryJobs);
    const part = Math.min(mostAtOnce, session.share(mostAtOnce), jobs);
    const isOurs = session.system.name === "holdfast";
    const endsAt = isOurs ? Number.POSITIVE_INFINITY : monotonicMs() + memoryPeerMs;
    const { producer, workers } = await openCrew(session, await session.openRoom("memory"), 1);
    await producer.ask("prepare", null);
    await producer.ask("openProducer", null);
    await openConsumers(workers);
    await workers[0]?.ask("start", null);
    let sent = 0;
    while (sent < jobs && monotonicMs() < endsAt) {
      await producer.ask("bulk", { jobs: part });
      sent += part;
      await untilHandled(workers, sent);
    }
    if (sent < memoryJobs) session.remark(`had ${sent.toLocaleString("en-US")} jobs only`);
    return { "worker-memory": (await workers[0]?.ask("rssMb", null)) ?? Number.NaN };
  },
};
