import { expect } from "vitest";
import { type LogLine, newLogLine } from "../../src/core/log-line.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { bring } from "./bring.ts";
import { dayMs, enqueueOne, single, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { start, workOff } from "./operate.ts";

/** A line of a run, its number as the message unless said otherwise. */
function line(job: string, run: number, nth: number, given: Partial<LogLine> = {}) {
  const { message = `${run}.${nth}`, fields = {}, ...own } = given;
  const told = { job, run, line: nth, message, fields };
  return newLogLine({ at: t0 + nth, level: "info", attempt: run, ...told, ...own });
}

const lines = (job: string, run: number, count: number) =>
  Array.from({ length: count }, (_, nth) => line(job, run, nth));

const messages = async (storage: Storage, job: string, limit = 10_000) =>
  (await storage.readLog(job, limit)).map(({ message }) => message);

export const logLaws: Chapter = (law) => {
  law("lines come back with everything, in the order they were written", async ({ storage }) => {
    const [job, other] = [await enqueueOne(storage), await enqueueOne(storage)];
    const hostile = {
      message: `'; DROP "q" \\ {1} $1 ? 😀\u2028`,
      fields: { "a'": ["\0", 1.5, null] },
    };
    const given = [
      line(job, 1, 0, { level: "warn", fields: { n: 12 } }),
      line(other, 1, 0, { message: "of another" }),
      line(job, 1, 1, { level: "error", ...hostile }),
    ];
    await storage.appendLog(given);
    await storage.appendLog([line(job, 2, 0, { message: "", attempt: 1 })]);
    await storage.appendLog([]);
    expect(await storage.readLog(job, 10)).toEqual([
      { at: t0, level: "warn", message: "1.0", fields: { n: 12 }, attempt: 1, run: 1 },
      { at: t0 + 1, level: "error", ...hostile, attempt: 1, run: 1 },
      { at: t0, level: "info", message: "", fields: {}, attempt: 1, run: 2 },
    ]);
    expect(await messages(storage, other)).toEqual(["of another"]);
    for (const nobody of ["999999", "x", ""]) expect(await storage.readLog(nobody, 9)).toEqual([]);
  });

  law("of a run the newest 200 lines stay, and the newest are read", async ({ storage }) => {
    const job = await enqueueOne(storage);
    const all = lines(job, 1, 450);
    // Each batch has at most one line for a place.
    for (const from of [0, 150, 300]) await storage.appendLog(all.slice(from, from + 150));
    const kept = all.slice(250).map(({ message }) => message);
    expect(await messages(storage, job)).toEqual(kept);
    expect(await messages(storage, job, 2)).toEqual(kept.slice(-2));
    await storage.appendLog([line(job, 1, 449), line(job, 1, 450)]);
    expect(await messages(storage, job, 2)).toEqual(["1.449", "1.450"]);
  });

  law("of a job the lines of the newest 32 runs stay", async ({ storage }) => {
    const [job, other] = [await enqueueOne(storage), await enqueueOne(storage)];
    await storage.appendLog([...lines(job, 1, 2), ...lines(job, 3, 1), ...lines(other, 1, 1)]);
    await storage.appendLog(lines(job, 33, 1));
    expect(await messages(storage, job)).toEqual(["3.0", "33.0"]);
    expect(await messages(storage, other)).toEqual(["1.0"]);
  });

  law(
    "lines stay with a job in every state, and go when it is deleted or pruned",
    async (place) => {
      const { storage } = place;
      const states = [
        "completed",
        "discarded",
        "cancelled",
        "retryable",
        "scheduled",
        "available",
      ] as const;
      const ids: string[] = [];
      for (const state of states) {
        const id = await bring(place, state);
        ids.push(id);
        await storage.appendLog(lines(id, 1, 2));
        expect(await messages(storage, id)).toHaveLength(2);
      }
      const left = async () => {
        const read = await Promise.all(ids.map((id) => messages(storage, id)));
        return states.filter((_, index) => read[index]?.length === 2);
      };
      await storage.deleteJob(ids[5] ?? "");
      expect(await left()).toEqual(states.slice(0, 5));
      await start(storage, { action: "delete", filter: { state: ["retryable"] } });
      await workOff(storage, 10, t0 + 1);
      expect(await left()).toEqual(["completed", "discarded", "cancelled", "scheduled"]);
      await storage.pruneJobs(100, t0 + 9 * dayMs);
      expect(await left()).toEqual(["discarded", "cancelled", "scheduled"]);
      await storage.pruneJobs(100, t0 + 32 * dayMs);
      expect(await left()).toEqual(["scheduled"]);
      await storage.appendLog([...lines(ids[0] ?? "", 2, 1), ...lines(ids[4] ?? "", 2, 1)]);
      expect(await messages(storage, ids[0] ?? "")).toEqual([]);
      expect(await messages(storage, ids[4] ?? "")).toHaveLength(3);
      expect(single(await storage.readLog(ids[4] ?? "", 1)).run).toBe(2);
    },
  );
};
