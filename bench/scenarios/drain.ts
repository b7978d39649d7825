import { setTimeout as sleep } from "node:timers/promises";
import { type Member, untilHandled } from "../crew.ts";
import { monotonicMs } from "../payload.ts";
import type { Room } from "../places/place.ts";
import type { Scenario } from "../scenario.ts";
import type { Session } from "../session.ts";

const everywhere = ["postgres", "sqlite", "redis"] as const;
/** How long a system may take to settle its last jobs before they count as left. */
const settleMs = 30_000;

export const drainWithOneProcess: Scenario = drainScenario("drain-1", 1);
export const drainWithThreeProcesses: Scenario = drainScenario("drain-3", 3);

function drainScenario(id: string, processes: number): Scenario {
  return {
    id,
    measures: [{ id, unit: "jobs/s", better: "higher" }],
    backends: everywhere,
    slowInFull: processes > 1,
    async measure(session) {
      const room = await session.openRoom(id);
      const crew = await openCrew(session, room, processes);
      await crew.producer.ask("prepare", null);
      return { [id]: await measureDrain(session, crew, session.share(session.plan.jobs)) };
    },
  };
}

export interface Crew {
  readonly room: Room;
  readonly producer: Member;
  readonly workers: readonly Member[];
}

/** Processes that have loaded the system and done nothing yet. */
export async function openCrew(session: Session, room: Room, processes: number): Promise<Crew> {
  const producer = session.startMember(room);
  const workers = Array.from({ length: processes }, () => session.startMember(room));
  await Promise.all([producer, ...workers].map((member) => member.ask("rssMb", null)));
  return { room, producer, workers };
}

/** Jobs per second over a drain of `jobs`: the rule is in the README. */
export async function measureDrain(session: Session, crew: Crew, jobs: number): Promise<number> {
  const { producer, workers, room } = crew;
  await producer.ask("openProducer", null);
  await warmUp(session, crew);
  await producer.ask("bulk", { jobs });
  await room.settle();
  await openConsumers(workers);
  const ms = await drainNow(workers, jobs);
  const after = await settled(session, crew, jobs);
  return (jobs / (ms + after)) * 1_000;
}

/** The processes' code gets hot on jobs before those that count: on all for one process, on half as many each for more. */
export async function warmUp(session: Session, { producer, workers }: Crew): Promise<void> {
  const jobs = session.share(session.plan.warmUpJobs * Math.max(1, workers.length / 2));
  await producer.ask("bulk", { jobs });
  await openConsumers(workers);
  await drainNow(workers, jobs);
  await Promise.all(workers.map((worker) => worker.ask("stop", null)));
}

export async function openConsumers(workers: readonly Member[]): Promise<void> {
  const options = { aim: "throughput" } as const;
  await Promise.all(workers.map((worker) => worker.ask("openConsumer", options)));
}

/** Milliseconds from the word to start until the last job was handled. */
export async function drainNow(workers: readonly Member[], jobs: number): Promise<number> {
  const start = monotonicMs();
  const started = Promise.all(workers.map((worker) => worker.ask("start", null)));
  await Promise.all([started, untilHandled(workers, jobs)]);
  return lastAt(workers) - start;
}

/**
 * Waits until the system itself says that nothing is left; answers by how much later than first seen the last job was
 * handled, which is not 0 only where jobs were handled twice.
 */
export async function settled(
  session: Session,
  { producer, workers }: Crew,
  jobs: number,
): Promise<number> {
  const seen = lastAt(workers);
  const deadline = monotonicMs() + settleMs;
  let left = await producer.ask("remaining", null);
  while (left > 0 && monotonicMs() < deadline) {
    await sleep(200);
    left = await producer.ask("remaining", null);
  }
  if (left > 0) throw new Error(`says that ${left} of ${jobs} jobs are left after its drain`);
  const tallies = await Promise.all(workers.map((one) => one.ask("tally", { sinceMs: 0 })));
  const handled = tallies.reduce((sum, one) => sum + one.handled, 0);
  if (handled !== jobs) session.remark(`handled ${handled} jobs where there were ${jobs}`);
  return Math.max(...tallies.map((one) => one.lastAt)) - seen;
}

const lastAt = (workers: readonly Member[]) => Math.max(...workers.map((one) => one.lastAt()));
