import fc from "fast-check";
import { expect } from "vitest";
import { isFinished } from "../../../src/core/job.ts";
import { stress } from "../../chaos/support/settings.ts";
import type { Place } from "../harness.ts";
import { t0 } from "../jobs.ts";
import type { Chapter } from "../law.ts";
import { allJobs, emptyModel, inState, type Model } from "./model.ts";
import {
  anyStep,
  claimStep,
  enqueueStep,
  killStep,
  pauseStep,
  rescueStep,
  type Step,
  settleStep,
  waitStep,
} from "./steps.ts";
import { newWorld, type World } from "./world.ts";

const histories = stress ? 2_000 : 200;
const mostSteps = 30;
const limitMs = stress ? 600_000 : 50_000;

/** What was printed with a failure, to see it again: `HOLDFAST_SEED=... npm run test:conformance -- -t "random histories"`. */
const seed = process.env["HOLDFAST_SEED"];

/** What any history does to jobs, a simple model foretells. */
export const historyLaws: Chapter = (law) => {
  law(
    "random histories give the states of a simple model, and leave no job behind",
    async (place) => {
      const storages = [place.storage, await place.connect()];
      let now = t0;
      let count = 0;
      const property = fc.asyncProperty(
        fc.commands([anyStep], { maxCommands: mostSteps, size: "max" }),
        async (steps) => {
          count += 1;
          const model = emptyModel(now);
          const world = newWorld(`history-${count}`, storages);
          try {
            await fc.asyncModelRun(() => ({ model, real: world }), steps);
            await finish(model, world);
          } catch (error) {
            await wipe(place, world);
            throw error;
          } finally {
            // Time goes on from one history to the next, as it does for the storages.
            now = model.now + 1;
          }
        },
      );
      await fc.assert(property, {
        numRuns: histories,
        plugins: [fc.interruptAfterTimeLimit(limitMs, { failOnInterrupt: true })],
        ...(seed === undefined ? {} : { seed: Number(seed) }),
      });
    },
  );
};

/** Whatever happened, every job comes to its end, and every key is free or held by whom the model says. */
async function finish(model: Model, world: World): Promise<void> {
  const run = async (step: Step) => step.run(model, world);
  await run(pauseStep(false));
  await run(killStep(0));
  await run(killStep(1));
  await run(rescueStep());
  await workOff(model, world);
  for (const key of ["unfinished", "waiting", "ever"] as const) {
    const unique = { key, withinMs: null, onConflict: "skip" } as const;
    await run(enqueueStep([{ priority: 5, payload: 0, delayMs: 0, unique }], "alone"));
  }
  await workOff(model, world);
  await run(killStep(0));
}

/** A worker completes all there is. */
async function workOff(model: Model, world: World): Promise<void> {
  await waitStep(60_000).run(model, world);
  await claimStep(0, 1_000, true).run(model, world);
  const running = inState(model, "running").map((_, index) => index);
  await settleStep(running, { kind: "completed" }, 0).run(model, world);
  expect(allJobs(model).filter(({ state }) => !isFinished(state))).toEqual([]);
}

/** After a failure nothing of it is left for the shorter histories that look for its cause. */
async function wipe(place: Place, world: World): Promise<void> {
  const [live, later] = [place.table("live"), place.table("later")];
  await place.script(`DELETE FROM ${live}; DELETE FROM ${later};`);
  for (const worker of world.workers) {
    if (worker !== undefined) await place.storage.unregisterWorker(worker);
  }
}
