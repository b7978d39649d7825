import fc from "fast-check";
import { expect } from "vitest";
import { isFinished } from "../../../src/core/job.ts";
import type { Place } from "../harness.ts";
import { dayMs, t0 } from "../jobs.ts";
import type { Chapter } from "../law.ts";
import { allJobs, emptyModel, inState, type Model } from "./model.ts";
import { anyStep } from "./any-step.ts";
import {
  claimStep,
  enqueueStep,
  killStep,
  pauseStep,
  rescueStep,
  type Step,
  settleStep,
  waitStep,
} from "./steps.ts";
import { compare, newWorld, type World } from "./world.ts";

const histories = 200;
/** What a machine with much else to do must manage in the time there is; a quiet one needs a tenth of it for all. */
const fewestHistories = 80;
const mostSteps = 30;
const timeoutMs = 180_000;
/** Before the time is up, so that a failure still being made shorter is shown as far as it came. */
const limitMs = timeoutMs - 10_000;

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
        plugins: [fc.interruptAfterTimeLimit(limitMs)],
        ...(seed === undefined ? {} : { seed: Number(seed) }),
      });
      expect(count).toBeGreaterThanOrEqual(fewestHistories);
    },
    "fresh",
    timeoutMs,
  );
};

/** Whatever happened, every job comes to its end, every key is free or held by whom the model says, and history can be pruned. */
async function finish(model: Model, world: World): Promise<void> {
  const act = async (step: Step) => step.act(model, world);
  await act(pauseStep(false));
  await act(killStep(0));
  await act(killStep(1));
  await act(rescueStep());
  await workOff(model, world);
  for (const key of ["unfinished", "waiting", "ever"] as const) {
    const unique = { key, withinMs: null, onConflict: "skip" } as const;
    await act(enqueueStep([{ priority: 5, payload: 0, delayMs: 0, unique }], "alone"));
  }
  await workOff(model, world);
  await act(killStep(0));
  await world.storage().pruneJobs(10_000, model.now + 100 * dayMs);
  expect(await world.storage().listJobs({ queue: world.name }, 1)).toEqual([]);
}

/** A worker completes all there is. */
async function workOff(model: Model, world: World): Promise<void> {
  await waitStep(60_000).act(model, world);
  await claimStep(0, 1_000, true).act(model, world);
  const running = inState(model, "running").map((_, index) => index);
  await settleStep(running, { kind: "completed" }, 0).act(model, world);
  await compare(model, world);
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
