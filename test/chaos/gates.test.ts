import { setTimeout as sleep } from "node:timers/promises";
import type { EnqueueReceipt, Job } from "holdfast";
import { expect, test } from "vitest";
import { allJobs } from "./support/all-jobs.ts";
import { type Crew, startCrew } from "./support/crew.ts";
import { crowdsAt, runsByGate } from "./support/gate-history.ts";
import { faultsNow } from "./support/gate-snapshot.ts";
import { allowed, heavyGated, lightGated } from "./support/jobs.mjs";
import { openPlace, type Place } from "./support/place.ts";
import { databases, secondsOf } from "./support/settings.ts";
import { until } from "./support/until.ts";

const seconds = secondsOf(4);
const size = 4;
const killEveryMs = 900;
const pauseEveryMs = 1_100;
const lookEveryMs = 50;
const feedEveryMs = 40;
const mostWaiting = 80;
const lanes = 5;
const keys = 3;
const drainMs = 120_000;

const endings = ["complete", "transaction", "fail-once", "snooze", "again"] as const;

/** A lane is a limit of one. */
function mostAt(gate: string): number {
  if (gate.startsWith("lane:")) return 1;
  return gate.startsWith("limit:keyed") ? allowed.keyed : allowed.shared;
}

test.for(databases)(
  "%s: lanes, limits and unique keys hold in every moment and over all runs, while processes are killed, queues paused and jobs cancelled",
  { timeout: (2 * seconds + 200) * 1_000 },
  async (kind, { onTestFinished }) => {
    const place = await openPlace(kind, onTestFinished);
    const crew = await startCrew(place, {
      size,
      options: {
        lease: "2s",
        maxCrashes: Number.POSITIVE_INFINITY,
        queues: { default: { concurrency: 10 }, heavy: { concurrency: 10 } },
      },
      replace: true,
    });
    const end = performance.now() + seconds * 1_000;
    const over = () => performance.now() > end;
    const [fed, looks] = await Promise.all([
      feed(place, over),
      watchGates(place, over),
      killSome(crew, over),
      pauseSome(place, over),
    ]);
    await until("every job has finished", drainMs, async () => {
      const { completed, cancelled, discarded } = await place.client.jobs.count();
      return completed + cancelled + discarded === fed.stored;
    });
    expect(await faultsNow(place, mostAt)).toEqual([]);
    const jobs = await allJobs(place.client);
    expectSoundHistory(jobs);
    expect(jobs.filter(({ state }) => state === "discarded")).toEqual([]);
    expect(fed.existing, "keys were met").toBeGreaterThan(0);
    expect(crew.deaths.length, "processes were killed").toBeGreaterThan(0);
    expect(crew.deaths.filter(({ signal }) => signal !== "SIGKILL")).toEqual([]);
    print(place, { jobs, looks, kills: crew.deaths.length });
  },
);

/** What was put in. */
interface Fed {
  readonly stored: number;
  readonly existing: number;
}

/** Enqueues jobs of every kind, and cancels some of them a little later; on a busy machine until a key was met. */
async function feed(place: Place, over: () => boolean): Promise<Fed> {
  const fed = { stored: 0, existing: 0 };
  for (let n = 0; !over() || fed.existing === 0; n += 1) {
    const receipt = await enqueueOne(place, n);
    fed[receipt.outcome === "existing" ? "existing" : "stored"] += 1;
    if (n % 9 === 0) await place.client.jobs.cancel(receipt.id);
    if (n % 10 < 9) continue;
    const { blocked, available } = await place.client.jobs.count();
    await sleep(blocked + available > mostWaiting ? feedEveryMs * 10 : feedEveryMs);
  }
  return fed;
}

function enqueueOne({ client }: Place, n: number): Promise<EnqueueReceipt> {
  const lane = n % 3 === 0 ? null : `lane ${n % lanes}`;
  const payload = {
    lane,
    key: `key ${n % keys}`,
    workMs: 10 + (n % 4) * 10,
    ending: endings[n % endings.length] ?? "complete",
  };
  const options = {
    ...(lane === null ? {} : { lane }),
    ...(n % 5 === 0 ? { delay: (n % 4) * 100 } : {}),
    ...(n % 4 === 0 ? { unique: { key: n % 12 } } : {}),
  };
  return n % 4 === 1
    ? client.enqueue(heavyGated, payload, { ...options, queue: "heavy" })
    : client.enqueue(lightGated, payload, options);
}

/** Looks at the database again and again; gives how often. */
async function watchGates(place: Place, over: () => boolean): Promise<number> {
  let looks = 0;
  for (; !over(); looks += 1) {
    expect(await faultsNow(place, mostAt)).toEqual([]);
    await sleep(lookEveryMs);
  }
  return looks;
}

async function killSome(crew: Crew, over: () => boolean): Promise<void> {
  for (await sleep(killEveryMs); !over(); await sleep(killEveryMs)) {
    const victims = crew.ready();
    victims[Math.floor(Math.random() * victims.length)]?.signal("SIGKILL");
  }
}

/** Pauses one of the queues for a moment, and lets it go on in the end. */
async function pauseSome({ client }: Place, over: () => boolean): Promise<void> {
  while (!over()) {
    await sleep(pauseEveryMs);
    await client.queues.pause("heavy");
    await sleep(pauseEveryMs / 4);
    await client.queues.resume("heavy");
  }
}

/** No gate was ever held by more runs than it allows; only what the jobs' rows remember counts. */
function expectSoundHistory(jobs: readonly Job[]): void {
  const crowds = [...runsByGate(jobs)].flatMap(([gate, runs]) =>
    crowdsAt(gate, runs, mostAt(gate)),
  );
  expect(crowds).toEqual([]);
}

interface Seen {
  readonly jobs: readonly Job[];
  readonly looks: number;
  readonly kills: number;
}

function print({ kind }: Place, { jobs, looks, kills }: Seen): void {
  const runs = jobs.reduce((sum, { attempts }) => sum + attempts.length, 0);
  const crashed = jobs.flatMap(({ attempts }) => attempts.filter(({ how }) => how === "crashed"));
  console.log(
    `${kind}: ${seconds} s at the gates: ${jobs.length} jobs, ${runs} runs, ${kills} kills that hit ${crashed.length} runs, ` +
      `${looks} looks at the database`,
  );
}
