import { expect } from "vitest";
import type { Job } from "../../src/core/job.ts";
import { jobAt, sharedColumns } from "./bring.ts";
import type { Place } from "./harness.ts";
import { claim, hire, settlement, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";

/** Brings an empty place to the step before one. */
async function migrateUpTo({ storage, script }: Place, name: string): Promise<void> {
  const { pending } = await storage.schemaStatus();
  const steps = pending.slice(
    0,
    pending.findIndex((step) => step.name === name),
  );
  for (const { sql } of steps) await script(sql);
}

/** The columns a job had before it had a trace. */
const columns = sharedColumns.replace(", trace", "");

/** Takes one of the available jobs to where the finished are, as no code of today would. */
function finish(table: (name: string) => string, to: "done" | "dead", own: string): string {
  const picked = `id = (SELECT max(id) FROM ${table("live")})`;
  const state = to === "dead" ? ", state" : "";
  const bucket = to === "dead" || table("x").startsWith("holdfast_") ? ", bucket" : "";
  return `INSERT INTO ${table(to)} (${columns}, finished_at${bucket}${state})
      SELECT ${columns}, ${t0}${bucket === "" ? "" : ", 30000"}${own} FROM ${table("live")} WHERE ${picked};
    DELETE FROM ${table("live")} WHERE ${picked};`;
}

export const upgradeLaws: Chapter = (law) => {
  law(
    "a filled database of the step before traces keeps its jobs, and takes new ones on connections that were open",
    async (place) => {
      const { storage, script, table } = place;
      await migrateUpTo(place, "services");
      const producer = await place.producer();
      const enqueue = async (options: object) =>
        (await producer.enqueue("work", '{"a":1}', JSON.stringify(options))).id;
      const ids: string[] = [];
      for (const options of [{}, { delay: "1m" }, { lane: "a" }, { tags: ["t"] }, {}, {}]) {
        ids.push(await enqueue(options));
      }
      await script(finish(table, "done", ""));
      await script(finish(table, "dead", ", 'discarded'"));
      await storage.migrate();

      const jobs = await Promise.all(ids.map((id) => jobAt(storage, id)));
      expect(jobs.map(({ state }) => state)).toEqual([
        "available",
        "scheduled",
        "blocked",
        "available",
        "discarded",
        "completed",
      ]);
      const told = ({ trace, payload }: Job) => ({ trace, payload });
      expect(jobs.map(told)).toEqual(jobs.map(() => ({ trace: null, payload: { a: 1 } })));
      const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
      const traced = await enqueue({ traceparent });
      const taken = await claim(storage, await hire(storage), { now: Date.now() });
      expect(taken.map(({ lease, trace }) => [lease.id, trace])).toEqual([
        [ids[0], null],
        [ids[3], null],
        [traced, traceparent],
      ]);
      const settled = await storage.settleJobs(
        taken.map((job) => settlement(job, "completed")),
        t0,
      );
      expect(settled.map(({ outcome }) => outcome)).toEqual(["settled", "settled", "settled"]);
      expect(await jobAt(storage, traced)).toMatchObject({
        state: "completed",
        trace: traceparent,
      });
    },
    "empty",
  );
};
