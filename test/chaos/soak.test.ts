import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { startCrew } from "./support/crew.ts";
import { expectCounted } from "./support/expect-counted.ts";
import { enqueueMixed, expectAllAccountedFor, killSome } from "./support/mixed-load.ts";
import { openPlace, type Place } from "./support/place.ts";
import { databases, secondsOf } from "./support/settings.ts";

const seconds = secondsOf(5);
const leaseMs = 2_000;
const marginMs = 10_000;

test.concurrent.for(databases)(
  "%s: after a mixed load with a few kills every count adds up, every key is free and nothing is left over",
  { timeout: (seconds + 90) * 1_000 },
  async (kind, { onTestFinished }) => {
    const place = await openPlace(kind, onTestFinished);
    const crew = await startCrew(place, {
      size: 2,
      options: { lease: leaseMs, maxCrashes: Number.POSITIVE_INFINITY },
      replace: true,
    });
    const end = performance.now() + seconds * 1_000;
    const over = () => performance.now() > end;
    const [load, oldestMs] = await Promise.all([
      enqueueMixed(place, over),
      watchRunning(place, over),
      killSome(crew, over),
    ]);
    const { parents, ...count } = await expectAllAccountedFor(place, load);
    await expectCounted(place.client);
    expect(oldestMs).toBeLessThan(leaseMs + marginMs);
    expect(crew.deaths.filter(({ signal }) => signal !== "SIGKILL")).toEqual([]);
    await crew.stop();
    console.log(
      `${kind}: ${seconds} s of mixed load: ${load.stored} jobs and ${parents} children, ` +
        `${load.existing} enqueues met a held key, ${count.completed} completed, ${count.cancelled} cancelled, ` +
        `${count.discarded} discarded, ${crew.deaths.length} kills, oldest running job ${(oldestMs / 1_000).toFixed(1)} s`,
    );
  },
);

/** The longest that any job was seen running. */
async function watchRunning({ client }: Place, over: () => boolean): Promise<number> {
  let oldestMs = 0;
  for (; !over(); await sleep(500)) {
    const { jobs } = await client.jobs.list({ state: "running", limit: 1_000 });
    const now = Date.now();
    oldestMs = Math.max(oldestMs, ...jobs.map(({ claimedAt }) => now - (claimedAt ?? now)));
  }
  return oldestMs;
}
