import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs, stamped } from "./payload.ts";
import type { Burst, BurstPlan, Commands, Pace } from "./protocol.ts";
import type { Producer } from "./system.ts";

type Producing = {
  readonly [Name in "openProducer" | "closeProducer" | "burst" | "bulk" | "pace"]: (
    input: Commands[Name][0],
  ) => Promise<Commands[Name][1]>;
};

/** Jobs not stored after so long say that the system does not keep up: then no more are enqueued until some are. */
const mostBehindMs = 1_000;

/** What a process does with its producer. */
export function createProducing(open: () => Promise<Producer>): Producing {
  let opened: Producer | undefined;
  function producer(): Producer {
    if (opened === undefined) throw new Error("open the producer first");
    return opened;
  }
  return {
    async openProducer() {
      opened = await open();
      return null;
    },
    async closeProducer() {
      await opened?.close();
      opened = undefined;
      return null;
    },
    burst: (plan) => burst(producer(), plan),
    async bulk({ jobs, text }) {
      const payloads = Array.from({ length: jobs }, () => stamped(text));
      const start = monotonicMs();
      await producer().enqueueMany(payloads);
      return monotonicMs() - start;
    },
    pace: (plan) => pace(producer(), plan),
  };
}

async function burst(producer: Producer, { callers, jobs, ms, text }: BurstPlan): Promise<Burst> {
  const start = monotonicMs();
  const end = start + ms;
  let begun = 0;
  let done = 0;
  let last = start;
  async function call() {
    while (begun < jobs && monotonicMs() < end) {
      begun++;
      await producer.enqueue(stamped(text));
      done++;
      last = monotonicMs();
    }
  }
  await Promise.all(Array.from({ length: callers }, call));
  return { jobs: done, ms: last - start };
}

/** Looks every millisecond, or as often as asked, how many are due. */
async function pace(producer: Producer, { perSecond, ms, everyMs }: Pace) {
  const start = monotonicMs();
  const most = Math.max(1, (perSecond * mostBehindMs) / 1_000);
  const underWay = new Set<Promise<unknown>>();
  const failures: unknown[] = [];
  let [sent, stored] = [0, 0];
  function send(call: Promise<unknown>, jobs: number) {
    sent += jobs;
    const ended: Promise<unknown> = call
      .then(() => (stored += jobs))
      .catch((error: unknown) => failures.push(error))
      .finally(() => underWay.delete(ended));
    underWay.add(ended);
  }
  for (let now = start; now < start + ms; now = monotonicMs()) {
    const due = Math.floor(((now - start) * perSecond) / 1_000) - sent;
    const jobs = Math.floor(Math.min(due, most - (sent - stored)));
    if (everyMs === undefined) for (let n = 0; n < jobs; n++) send(producer.enqueue(stamped()), 1);
    else if (jobs > 0)
      send(producer.enqueueMany(Array.from({ length: jobs }, () => stamped())), jobs);
    if (failures.length > 0) throw failures[0];
    await sleep(everyMs ?? 1);
  }
  await Promise.all(underWay);
  if (failures.length > 0) throw failures[0];
  return { sent, tookMs: monotonicMs() - start };
}
