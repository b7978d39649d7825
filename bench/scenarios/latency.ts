import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../payload.ts";
import type { Room } from "../places/place.ts";
import type { Aim } from "../system.ts";
import type { Figures, Scenario } from "../scenario.ts";
import type { Session } from "../session.ts";
import { percentile } from "./percentile.ts";
import { peakOf } from "./peak.ts";

const idleRate = 50;

export const latencyIdle: Scenario = latencyScenario(
  "latency-idle",
  { onePreset: true },
  (session) =>
    measureAt(session, idleRate, (session.plan.latencyJobs / idleRate) * 1_000, "latency"),
);

/** Under load the settings for throughput are the right ones for every system: it is the load they are made for. */
export const latencyAtHalfPeak: Scenario = latencyScenario(
  "latency-half",
  { once: true, slowInFull: true },
  async (session) =>
    measureAt(session, (await peakOf(session)) / 2, session.plan.halfPeakMs, "throughput"),
);

function latencyScenario(
  id: string,
  rule: Pick<Scenario, "once" | "onePreset" | "slowInFull">,
  agesOf: (session: Session) => Promise<readonly number[]>,
): Scenario {
  const shares = { [`${id}-p50`]: 0.5, [`${id}-p99`]: 0.99 };
  return {
    id,
    ...rule,
    measures: Object.keys(shares).map((measure) => ({ id: measure, unit: "ms", better: "lower" })),
    backends: ["postgres", "sqlite", "redis"],
    async measure(session): Promise<Figures> {
      const ages = await agesOf(session);
      return Object.fromEntries(
        Object.entries(shares).map(([measure, share]) => [measure, percentile(ages, share)]),
      );
    },
  };
}

/** From enqueue to the handler's start, of every job that started after the warm-up. */
async function measureAt(
  session: Session,
  perSecond: number,
  ms: number,
  aim: Aim,
): Promise<readonly number[]> {
  const { warmUpMs } = session.plan;
  const room = await session.openRoom("latency");
  return agesIn(session, room, { perSecond, ms, aim, warmUpMs });
}

/** A steady load, and how it is measured. */
export interface SteadyStarts {
  readonly perSecond: number;
  readonly ms: number;
  readonly aim: Aim;
  readonly warmUpMs: number;
}

/** The same in a room that may have jobs already. */
export async function agesIn(
  session: Session,
  room: Room,
  { perSecond, ms, aim, warmUpMs }: SteadyStarts,
): Promise<readonly number[]> {
  const { graceMs } = session.plan;
  const producer = session.startMember(room);
  const worker = session.startMember(room);
  await producer.ask("prepare", null);
  await producer.ask("openProducer", null);
  await room.settle();
  await worker.ask("openConsumer", { aim, recordAges: true });
  await worker.ask("start", null);
  const sinceMs = monotonicMs() + warmUpMs;
  const paced = await producer.ask("pace", { perSecond, ms: warmUpMs + ms });
  const deadline = monotonicMs() + graceMs;
  while (worker.handled() < paced.sent && monotonicMs() < deadline) await sleep(50);
  const { ages, handled } = await worker.ask("tally", { sinceMs });
  if (handled < paced.sent) {
    session.remark(
      `started ${handled} of ${paced.sent} jobs in time at ${Math.round(perSecond)}/s`,
    );
  }
  if (ages.length === 0) throw new Error("started no job in time");
  return ages;
}
