import fc from "fast-check";
import { expect } from "vitest";
import { isFinished } from "../../../src/core/job.ts";
import { stress } from "../../chaos/support/settings.ts";
import type { Place } from "../harness.ts";
import { t0 } from "../jobs.ts";
import type { Chapter } from "../law.ts";
import { emptyModel, inState, type Model } from "./model.ts";
import {
  anyStep,
  claimStep,
  killStep,
  pauseStep,
  rescueStep,
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

/** Whatever happened, a worker brings every job there is to its end. */
async function finish(model: Model, world: World): Promise<void> {
  const run = async (step: ReturnType<typeof rescueStep>) => step.run(model, world);
  await run(pauseStep(false));
  await run(killStep(0));
  await run(killStep(1));
  await run(rescueStep());
  await run(waitStep(60_000));
  await run(claimStep(0, 1_000, true));
  const running = inState(model, "running").map((_, index) => index);
  await run(settleStep(running, { kind: "completed" }, 0));
  await run(killStep(0));
  expect([...model.jobs.values()].filter(({ state }) => !isFinished(state))).toEqual([]);
}

/** After a failure nothing of it is left for the shorter histories that look for its cause. */
async function wipe(place: Place, world: World): Promise<void> {
  const [live, later] = [place.table("live"), place.table("later")];
  await place.script(`DELETE FROM ${live}; DELETE FROM ${later};`);
  for (const worker of world.workers) {
    if (worker !== undefined) await place.storage.unregisterWorker(worker);
  }
}
