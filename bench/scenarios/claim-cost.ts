import type { Room } from "../places/place.ts";
import type { Scenario } from "../scenario.ts";
import type { Session } from "../session.ts";
import { measureDrain, openCrew } from "./drain.ts";
import { percentile } from "./percentile.ts";

const id = "claim-cost";
const fillMs = 900_000;

/**
 * What a drain of plain jobs costs beside a deep lane, a deep limit and many delayed jobs, by the same drain with nothing beside
 * it. Nobody serves the queue of those who wait.
 */
export const claimCost: Scenario = {
  id,
  measures: [{ id, unit: "x", better: "lower" }],
  backends: ["postgres", "sqlite"],
  of: "holdfast",
  otherwise: "its target is against Holdfast itself",
  once: true,
  async prepare(session) {
    const room = await session.keptRoom(id);
    const member = session.startMember(room);
    const { backlog, deepGates } = session.plan;
    const waiting = { inLane: deepGates, inLimit: deepGates, delayed: backlog.delayed };
    await member.ask("prepare", null);
    await member.ask("fill", { finished: 0, failed: 0, ...waiting }, { withinMs: fillMs });
    await room.sql?.query("VACUUM ANALYZE");
  },
  async measure(session) {
    const empty = await session.openRoom(`${id}_none`);
    const deep = await session.keptRoom(id);
    const ratios: number[] = [];
    // Each pair is measured right after the other; the middle ratio counts.
    for (let pair = 0; pair < session.plan.claimPairs; pair += 1) {
      const none = await drainIn(session, empty);
      ratios.push(none / (await drainIn(session, deep)));
    }
    return { [id]: percentile(ratios, 0.5) };
  },
};

/** Jobs per second of one drain, whose processes then leave the room to the next. */
async function drainIn(session: Session, room: Room): Promise<number> {
  const crew = await openCrew(session, room, 1);
  await crew.producer.ask("prepare", null);
  const speed = await measureDrain(session, crew, session.share(session.plan.jobs));
  await Promise.all(crew.workers.map((worker) => worker.ask("stop", null)));
  await crew.producer.ask("closeProducer", null);
  return speed;
}
