import type { Session } from "../session.ts";
import { measureDrain, openCrew } from "./drain.ts";
import { enqueueBy32 } from "./enqueue.ts";
import { percentile } from "./percentile.ts";

/** Where this run has not measured them, a fifth of the usual jobs gives the peak. */
const shareOfJobs = 0.2;

/**
 * The most jobs per second that one producer and one worker process get through together in this run: what each manages
 * alone, the machine to itself, put together as shares of the time.
 */
export async function peakOf(session: Session): Promise<number> {
  const enqueue = known(session, "enqueue-32") ?? (await measureEnqueue(session));
  const drain = known(session, "drain-1") ?? (await measureOneDrain(session));
  return 1 / (1 / enqueue + 1 / drain);
}

function known({ memory }: Session, measure: string): number | undefined {
  const figures = memory.figures.get(measure);
  return figures === undefined ? undefined : percentile(figures, 0.5);
}

async function measureEnqueue(session: Session): Promise<number> {
  const figures = await enqueueBy32.measure?.(session);
  return remember(session, "enqueue-32", figures?.["enqueue-32"] ?? 0);
}

async function measureOneDrain(session: Session): Promise<number> {
  const room = await session.openRoom("peak");
  const crew = await openCrew(session, room, 1);
  await crew.producer.ask("prepare", null);
  const jobs = session.share(session.plan.jobs * shareOfJobs);
  return remember(session, "drain-1", await measureDrain(session, crew, jobs));
}

function remember({ memory }: Session, measure: string, figure: number): number {
  memory.figures.set(measure, [figure]);
  return figure;
}
