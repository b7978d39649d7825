import { setTimeout as sleep } from "node:timers/promises";
import { type Member, untilHandled } from "../crew.ts";
import { monotonicMs } from "../payload.ts";
import type { Room } from "../places/place.ts";
import type { Session } from "../session.ts";
import { machineSeconds, ownSeconds } from "./machine-load.ts";

/** What one drain cost, insert and all. Times are milliseconds of CPU per job. */
export interface DrainCosts {
  readonly jobsPerSecond: number;
  readonly clientMsPerJob: number;
  readonly serverMsPerJob: number;
  readonly insertMsPerJob: number;
  readonly walBytesPerJob: number;
  readonly walBytesPerInsert: number;
}

/** Each process drains this many first, so that its code is compiled when the figures are taken. */
const warmUpJobs = 10_000;
/** More cores than this kept busy by others during a drain, and its figures are not only ours. */
const mostForeignCores = 0.15;
/** The time ended connections of the server take to be counted among its CPU. */
const reapMs = 300;

/** Fills a database with `jobs`, drains it with some warm processes, and reads what everybody used. */
export async function measureDrain(session: Session, workers: number): Promise<DrainCosts> {
  const { jobs } = session.plan;
  const room = await session.openRoom(`scaling_${workers}`);
  const members = Array.from({ length: workers }, () => session.startMember(room));
  await members[0]?.ask("prepare", null);
  await fill(members, warmUpJobs * workers);
  await openConsumers(members);
  await drain(members, warmUpJobs * workers);
  const inserted = await meter(session, room, () => fill(members, jobs));
  await room.settle();
  await openConsumers(members);
  const clientBefore = await cpuSeconds(members);
  const drained = await meter(session, room, () => drain(members, jobs));
  const clientSeconds = (await cpuSeconds(members)) - clientBefore;
  await everyone(members, (member) => member.end());
  const foreign = drained.otherCores - clientSeconds / drained.seconds;
  if (foreign > mostForeignCores) {
    const crew = `the drain by ${workers}`;
    session.remark(`shared ${crew} with others that kept ${foreign.toFixed(1)} cores busy`);
  }
  return {
    jobsPerSecond: (jobs / drained.answer) * 1000,
    clientMsPerJob: (clientSeconds * 1000) / jobs,
    serverMsPerJob: (drained.serverSeconds * 1000) / jobs,
    insertMsPerJob: (inserted.serverSeconds * 1000) / jobs,
    walBytesPerJob: drained.walBytes / jobs,
    walBytesPerInsert: inserted.walBytes / jobs,
  };
}

async function fill([first]: readonly Member[], jobs: number): Promise<void> {
  await first?.ask("openProducer", null);
  await first?.ask("bulk", { jobs });
  await first?.ask("closeProducer", null);
}

const openConsumers = (members: readonly Member[]) =>
  everyone(members, (member) => member.ask("openConsumer", { aim: "throughput" }));

/** Answers how long it took to the last job's start; what is settled after that is still part of the costs. */
async function drain(members: readonly Member[], jobs: number): Promise<number> {
  const begin = monotonicMs();
  await everyone(members, (member) => member.ask("start", null));
  await untilHandled(members, jobs);
  const end = Math.max(...members.map((member) => member.lastAt()));
  await everyone(members, (member) => member.ask("stop", null));
  return end - begin;
}

/** What the server used while `work` ran, CPU and WAL without full-page images, and what all others together used. */
async function meter<Answer>({ place }: Session, { sql }: Room, work: () => Promise<Answer>) {
  if (sql === undefined) throw new Error("the simulation's costs are measured on PostgreSQL");
  await sleep(reapMs);
  const position = await sql.walPosition();
  const begin = monotonicMs();
  const othersBefore = machineSeconds() - ownSeconds();
  const before = await place.cpuSeconds();
  const answer = await work();
  await sleep(reapMs);
  const serverSeconds = (await place.cpuSeconds()) - before;
  const seconds = (monotonicMs() - begin) / 1000;
  const others = machineSeconds() - ownSeconds() - othersBefore - serverSeconds;
  const walBytes = await sql.walSince(position);
  return { answer, serverSeconds, walBytes, seconds, otherCores: others / seconds };
}

async function cpuSeconds(members: readonly Member[]): Promise<number> {
  const seconds = await everyone(members, (member) => member.ask("cpuSeconds", null));
  return seconds.reduce((sum, value) => sum + value, 0);
}

function everyone<Answer>(
  members: readonly Member[],
  order: (member: Member) => Promise<Answer>,
): Promise<readonly Answer[]> {
  return Promise.all(members.map(order));
}
