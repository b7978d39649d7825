import type { Client } from "../../core/client.ts";
import type { Queue } from "../../core/queue.ts";
import { pointsOf } from "../../core/stats.ts";
import type { StatRow } from "../../core/stat-row.ts";
import { serversOf } from "../../core/serving.ts";
import type { WorkerRecord } from "../../core/worker-record.ts";
import { engineOf } from "../../service/engine.ts";
import type { Counted } from "../wire/jobs.ts";
import type { QueueRow, QueueWorkerRow } from "../wire/queues.ts";

const minuteMs = 60_000;
const minutes = 60;

/** A queue as a row of the table. */
export function queueRow(
  { atLeast, ...queue }: Queue,
  workers: readonly WorkerRecord[],
  history: readonly number[],
): QueueRow {
  const places = serversOf(queue.name, workers).reduce(
    (sum, worker) => sum + (placesOf(queue, worker) ?? 0),
    0,
  );
  const counted = (state: (typeof atLeast)[number]): Counted => {
    return { count: queue[state], atLeast: atLeast.includes(state) };
  };
  return {
    ...queue,
    available: counted("available"),
    running: counted("running"),
    blocked: counted("blocked"),
    scheduled: counted("scheduled"),
    places,
    effective: Math.min(places, queue.maxRunning ?? places),
    history,
  };
}

/** The workers that name a queue, those that drain among them. */
export function queueWorkers(
  queue: Queue,
  workers: readonly WorkerRecord[],
): readonly QueueWorkerRow[] {
  return workers
    .filter(({ queues }) => queues.includes(queue.name))
    .map((worker) => {
      const { id, host, pid, state } = worker;
      return { id, host, pid, state, places: placesOf(queue, worker) };
    });
}

function placesOf(
  queue: Pick<Queue, "name" | "concurrency">,
  { slots }: WorkerRecord,
): number | null {
  return queue.concurrency ?? slots[queue.name] ?? null;
}

/** The completed jobs of each minute of the last hour, by queue: one read for all of them. */
export async function completedByMinute(
  client: Client,
  queue?: string,
): Promise<(name: string) => readonly number[]> {
  const { storage, clock } = engineOf(client);
  const to = Math.ceil(clock.now() / minuteMs) * minuteMs;
  const range = { from: to - minutes * minuteMs, to };
  const rows = await storage.readStats(queue === undefined ? range : { ...range, queue });
  const byQueue = new Map<string, StatRow[]>();
  for (const row of rows) {
    const known = byQueue.get(row.queue);
    if (known === undefined) byQueue.set(row.queue, [row]);
    else known.push(row);
  }
  return (name) =>
    pointsOf(byQueue.get(name) ?? [], range, minuteMs).map(({ completed }) => completed);
}
