import { expect, test } from "vitest";
import { reportsOf, startCrew } from "./support/crew.ts";
import { killProcess, leaveMark } from "./support/jobs.mjs";
import { countMarks, openPlace } from "./support/place.ts";
import { databases } from "./support/settings.ts";

const innocents = 60;
const timeout = "40s";

test.concurrent.for(databases)(
  "%s: a job that kills its process ends as CRASH_LOOP after three crashes, and no innocent job beside it is discarded",
  { timeout: 60_000 },
  async (kind, { onTestFinished }) => {
    const place = await openPlace(kind, onTestFinished);
    const { client } = place;
    const crew = await startCrew(place, { size: 1, options: { lease: "600ms" }, replace: true });
    const started = performance.now();
    // The first claim takes both culprits and eight innocent jobs beside them.
    const requests = Array.from({ length: innocents }, () => leaveMark.request({ workMs: 250 }));
    const killers = [killProcess.request({ how: "SIGKILL" }), killProcess.request({ how: "exit" })];
    const receipts = await client.enqueueMany([
      ...requests.slice(0, 3),
      ...killers,
      ...requests.slice(3),
    ]);

    const culprits = receipts.slice(3, 5).map(({ id }) => id);
    await Promise.all(receipts.map(({ id }) => client.handle(id).finished({ timeout })));
    const took = performance.now() - started;

    for (const id of culprits) {
      expect(await client.jobs.get(id)).toMatchObject({
        state: "discarded",
        crashes: 3,
        reason: { code: "CRASH_LOOP" },
        attempts: [{ how: "crashed" }, { how: "crashed" }, { how: "crashed" }],
      });
      expect(reportsOf(crew, "began").filter(({ job }) => job === id)).toHaveLength(3);
    }
    expect(await countMarks(place)).toEqual({ rows: innocents, jobs: innocents });
    const { jobs: completed } = await client.jobs.list({ state: "completed", limit: 1_000 });
    expect(completed).toHaveLength(innocents);
    // After its first crash a job runs with nothing beside it: nobody is blamed twice for a neighbour.
    const blamed = completed.map(({ attempts }) => attempts.filter(({ how }) => how === "crashed"));
    expect(Math.max(...blamed.map(({ length }) => length))).toBe(1);
    // One of both together, two of each alone.
    expect(crew.deaths).toHaveLength(5);
    await crew.stop();

    const beside = blamed.filter(({ length }) => length === 1).length;
    const runs = reportsOf(crew, "began").length;
    console.log(
      `${kind}: ${crew.deaths.length} processes died of 2 jobs, ${beside} innocent jobs died beside them once, ` +
        `${runs} runs, over in ${(took / 1_000).toFixed(1)} s`,
    );
  },
);
