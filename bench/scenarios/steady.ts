import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../payload.ts";
import type { Phase } from "../options.ts";
import type { Room } from "../places/place.ts";
import type { Figures, Scenario } from "../scenario.ts";
import type { Session } from "../session.ts";
import { percentile } from "./percentile.ts";
import { pinSnapshot } from "./pin.ts";
import { trackStatements } from "./track-statements.ts";

const perSecond = 1_500;
/** One by one, some systems could not even store so many: what is due is stored together. */
const everyMs = 10;
/** The server's statistics of tables arrive with such a delay. */
const statisticsMs = 1_100;

export const steady: Scenario = steadyScenario("steady");
export const pinned: Scenario = steadyScenario("pinned");

/** A load that every system should bear, for a while; `pinned` while vacuum can remove nothing. */
function steadyScenario(id: Phase): Scenario {
  const isPinned = id === "pinned";
  return {
    id,
    measures: [
      { id: `${id}-throughput`, unit: "jobs/s", better: "higher" },
      { id: `${id}-p99`, unit: "ms", better: "lower" },
      { id: `${id}-claim-buffers`, unit: "buffers", better: "lower" },
      { id: `${id}-dead-rows`, unit: "rows", better: "lower" },
      { id: `${id}-live-mb`, unit: "MB", better: "lower" },
    ],
    backends: isPinned ? ["postgres"] : ["postgres", "redis"],
    otherwise: isPinned
      ? "only PostgreSQL has snapshots that keep old rows"
      : "its figures are PostgreSQL's",
    ...(isPinned ? {} : { ofInLong: "holdfast" }),
    once: true,
    onePreset: true,
    slowInFull: true,
    async measure(session) {
      const room = await session.openRoom(id);
      await trackStatements(room);
      const setUp = session.startMember(room);
      await setUp.ask("prepare", null);
      const unpin = isPinned ? await pinSnapshot(room.url) : async () => {};
      try {
        const figures = await underLoad(
          session,
          room,
          session.plan.steadySeconds(session.system, id),
        );
        return Object.fromEntries(
          Object.entries(figures).map(([name, figure]) => [`${id}-${name}`, figure]),
        );
      } finally {
        await unpin();
      }
    },
  };
}

async function underLoad(session: Session, room: Room, seconds: number): Promise<Figures> {
  const { plan } = session;
  const producer = session.startMember(room);
  const worker = session.startMember(room);
  await producer.ask("openProducer", null);
  await room.settle();
  await worker.ask("openConsumer", { aim: "throughput", recordAges: true });
  await worker.ask("start", null);
  const ms = plan.warmUpMs + seconds * 1_000;
  const pacing = producer.ask("pace", { perSecond, ms, everyMs }, { withinMs: ms + 300_000 });
  await Promise.race([sleep(plan.warmUpMs), pacing]);
  const from = {
    handled: worker.handled(),
    at: monotonicMs(),
    claims: await claimsOf(session, room),
  };
  await Promise.race([sleep(seconds * 1_000), pacing]);
  const handled = worker.handled() - from.handled;
  const throughput = (handled / (monotonicMs() - from.at)) * 1_000;
  const claims = await claimsOf(session, room);
  const { sent } = await pacing;
  const deadline = monotonicMs() + plan.graceMs;
  while (worker.handled() < sent && monotonicMs() < deadline) await sleep(50);
  const { ages } = await worker.ask("tally", { sinceMs: from.at });
  return {
    throughput,
    p99: percentile(ages, 0.99),
    ...perClaim(claims, from.claims),
    ...(await tableFigures(session, room)),
  };
}

type Claims = { readonly buffers: number; readonly calls: number } | undefined;

const claimsOf = async ({ system }: Session, room: Room): Promise<Claims> =>
  system.sql === undefined ? undefined : room.sql?.claims(system.sql);

function perClaim(after: Claims, before: Claims): Figures {
  if (after === undefined || before === undefined || after.calls === before.calls) return {};
  return { "claim-buffers": (after.buffers - before.buffers) / (after.calls - before.calls) };
}

async function tableFigures({ system }: Session, room: Room): Promise<Figures> {
  if (system.sql === undefined || room.sql === undefined) return {};
  await sleep(statisticsMs);
  return { "dead-rows": await room.sql.deadRows(), "live-mb": await room.sql.liveMb(system.sql) };
}
