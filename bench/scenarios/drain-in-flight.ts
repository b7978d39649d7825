import { untilHandled } from "../crew.ts";
import type { Scenario } from "../scenario.ts";
import type { Session } from "../session.ts";
import { drainNow, measureDrain, openConsumers, openCrew, warmUp } from "./drain.ts";

const id = "drain-in-flight";

/** A drain while another process holds many running jobs, by the drain without them. */
export const drainWithJobsInFlight: Scenario = {
  id,
  measures: [{ id, unit: "x", better: "higher" }],
  backends: ["postgres", "sqlite"],
  of: "holdfast",
  otherwise: "its target is against Holdfast itself",
  async measure(session) {
    const jobs = session.share(session.plan.jobs);
    const empty = await openCrew(session, await session.openRoom(`${id}_none`), 1);
    await empty.producer.ask("prepare", null);
    const none = await measureDrain(session, empty, jobs);
    return { [id]: (await drainBeside(session, jobs)) / none };
  },
};

async function drainBeside(session: Session, jobs: number): Promise<number> {
  const inFlight = session.plan.inFlight;
  const crew = await openCrew(session, await session.openRoom(id), 1);
  const holder = session.startMember(crew.room);
  await crew.producer.ask("prepare", null);
  await crew.producer.ask("openProducer", null);
  await warmUp(session, crew);
  await crew.producer.ask("bulk", { jobs: inFlight });
  await holder.ask("openConsumer", { aim: "throughput", concurrency: inFlight, hold: true });
  await holder.ask("start", null);
  await untilHandled([holder], inFlight);
  await crew.producer.ask("bulk", { jobs });
  await crew.room.settle();
  await openConsumers(crew.workers);
  const ms = await drainNow(crew.workers, jobs);
  return (jobs / ms) * 1_000;
}
