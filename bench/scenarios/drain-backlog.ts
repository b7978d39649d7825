import type { Scenario } from "../scenario.ts";
import { measureDrain, openCrew } from "./drain.ts";

const id = "drain-backlog";
const fillMs = 900_000;

/** The same drain beside many jobs that are not due or are over. They are made once for all rounds. */
export const drainBesideBacklog: Scenario = {
  id,
  measures: [{ id, unit: "jobs/s", better: "higher" }],
  backends: ["postgres", "sqlite", "redis"],
  slowInFull: true,
  async prepare(session) {
    if (session.system.fill === undefined) {
      throw new Error("too slow at making a backlog, and has no bulk enqueue");
    }
    const room = await session.keptRoom(id);
    const member = session.startMember(room);
    await member.ask("prepare", null);
    await member.ask("fill", session.plan.backlog, { withinMs: fillMs });
    await room.sql?.query("VACUUM ANALYZE");
  },
  async measure(session) {
    const crew = await openCrew(session, await session.keptRoom(id), 1);
    return { [id]: await measureDrain(session, crew, session.share(session.plan.jobs)) };
  },
};
