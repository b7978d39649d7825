import { expect } from "vitest";
import { addTallyText, emptyTally, type Tally, tallyText } from "../../src/core/tally.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { always, completed, ending, failed, hourMs, kept, rollUp, takeSome } from "./counted.ts";
import { aJob, dayMs, enqueue, someJobs, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";

/** Queue, name and what was counted, as text in one order. */
async function totals(storage: Storage): Promise<readonly string[]> {
  const all = await storage.readTotals();
  return all.map(({ queue, name, tally }) => `${queue} ${name}: ${inOrder(tally)}`).sort();
}

function inOrder(tally: Tally): string {
  return tallyText(tally).split(" ").sort().join(" ");
}

function told(text: string): string {
  const into = emptyTally();
  addTallyText(into, text);
  return inOrder(into);
}

/** What was counted since ever. */
export const everLaws: Chapter = (law) => {
  law("what was counted since ever stays when its rows are no longer kept", async ({ storage }) => {
    const [one, two] = await takeSome(storage, 2);
    if (!one || !two) throw new Error("no jobs");
    await storage.settleJobs([ending(one, completed), ending(two, failed)], t0);
    await enqueue(storage, aJob({ queue: "other", name: `it's "q" \\ {,}` }));
    const before = await totals(storage);
    expect(before).toEqual([
      `default work: ${told("e2 s2 c1 f1 t1 W100 W100 R50 R50")}`,
      `other it's "q" \\ {,}: e1`,
    ]);
    for (const now of [t0, t0 + 3 * dayMs, t0 + 40 * dayMs]) {
      await rollUp(storage, now, 2);
      expect(await totals(storage)).toEqual(before);
    }
    expect(await storage.readStats(always)).toEqual([]);
    await enqueue(storage, aJob({ createdAt: t0 + 40 * dayMs }));
    await rollUp(storage, t0 + 40 * dayMs);
    await enqueue(storage, aJob({ createdAt: t0 + 40 * dayMs }));
    const again = await totals(storage);
    expect(again[0]).toBe(`default work: ${told("e4 s2 c1 f1 t1 W100 W100 R50 R50")}`);
  });

  law(
    "no total is ever seen to fall while several add up and jobs come",
    async ({ storage, connect }) => {
      const storages = [storage, await connect(), await connect()];
      let over = false;
      const seen: number[] = [];
      const looking = (async () => {
        const eye = await connect();
        while (!over) seen.push((await eye.readTotals())[0]?.tally.counts.enqueued ?? 0);
      })();
      await Promise.all(
        storages.flatMap((each) => [
          (async () => {
            for (let round = 0; round < 12; round++) await enqueue(each, ...someJobs(2));
          })(),
          (async () => {
            for (let round = 0; round < 12; round++) await each.rollUpStats(3, t0, kept);
          })(),
        ]),
      );
      over = true;
      await looking;
      expect(seen).toEqual(seen.toSorted((one, other) => one - other));
      expect(await totals(storage)).toEqual(["default work: e72"]);
      await rollUp(storage);
      expect(await totals(storage)).toEqual(["default work: e72"]);
    },
  );

  law(
    "a database of older code begins with the sum of what it kept",
    async ({ storage, script, table }) => {
      const { pending } = await storage.schemaStatus();
      const older = pending.slice(
        0,
        pending.findIndex(({ name }) => name === "services"),
      );
      for (const { sql } of older) await script(sql);
      const hour = t0 - (t0 % hourMs);
      const row = (spanMs: number, at: number, name: string, waiting: string) =>
        `(${spanMs}, ${at}, 'q', '${name}', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, '${waiting}', '')`;
      await script(`INSERT INTO ${table("stat")} VALUES ${row(hourMs, hour, "a", "1:2 7:1")},
        ${row(60_000, hour + hourMs, "a", "7:4")}, ${row(60_000, hour, "b", "")};`);
      await storage.migrate();
      expect(await totals(storage)).toEqual([
        `q a: ${told("e2 s4 c6 n8 z10 f12 t14 d16 x18 q20 w1:2 w7:5")}`,
        `q b: ${told("e1 s2 c3 n4 z5 f6 t7 d8 x9 q10")}`,
      ]);
    },
    "empty",
  );
};
