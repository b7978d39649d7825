import type { Room } from "../places/place.ts";
import type { Scenario } from "../scenario.ts";
import type { Session } from "../session.ts";
import { agesIn } from "./latency.ts";
import { percentile } from "./percentile.ts";

const id = "retention";
const fillMs = 900_000;
const shares = { [`${id}-p50`]: 0.5, [`${id}-p99`]: 0.99 };

/**
 * What removing a day of a million finished jobs does to the start of others: their latency while a worker that has just started
 * removes them, by that with nothing to remove.
 */
export const retention: Scenario = {
  id,
  measures: Object.keys(shares).map((measure) => ({ id: measure, unit: "x", better: "lower" })),
  backends: ["postgres", "sqlite"],
  of: "holdfast",
  otherwise: "its target is Holdfast's own",
  once: true,
  async prepare(session) {
    const room = await session.keptRoom(id);
    const member = session.startMember(room);
    await member.ask("prepare", null);
    await member.ask("history", session.plan.backlog.finished, { withinMs: fillMs });
  },
  async measure(session) {
    const quiet = await startsIn(session, await session.openRoom(`${id}_none`));
    const room = await session.keptRoom(id);
    await session.startMember(room).ask("expire", null, { withinMs: fillMs });
    const removing = await startsIn(session, room);
    return Object.fromEntries(
      Object.entries(shares).map(([measure, share]) => [
        measure,
        percentile(removing, share) / percentile(quiet, share),
      ]),
    );
  },
};

/** From enqueue to start, of the jobs a worker gets from its own start on: removing begins then. */
function startsIn(session: Session, room: Room): Promise<readonly number[]> {
  const perSecond = 50;
  const ms = (session.plan.latencyJobs / perSecond) * 1_000;
  return agesIn(session, room, { perSecond, ms, aim: "latency", warmUpMs: 0 });
}
