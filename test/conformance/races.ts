import type { Storage } from "../../src/storage/contract/storage.ts";
import { admissionRaces } from "./admission-races.ts";
import { settleOne } from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { keyRaces } from "./key-races.ts";
import type { Meeting } from "./race.ts";
import { races } from "./race-cases.ts";
import { orphansOf } from "./orphans.ts";

const inThisOrder: Meeting = async (one, two) => {
  const first = await one();
  return [first, await two()];
};

const inTheOtherOrder: Meeting = async (one, two) => {
  const second = await two();
  return [await one(), second];
};

const oneSooner: Meeting = (one, two) => Promise.all([one(), two()]);

const twoSooner: Meeting = async (one, two) => {
  const second = two();
  return [await one(), await second];
};

/** Each race in either order, and twenty times at once. */
export const raceLaws: Chapter = (law) => {
  for (const { title, play } of [...races, ...keyRaces, ...admissionRaces]) {
    law(`${title}: in this order`, async ({ storage, connect }) => {
      await play(storage, await connect(), inThisOrder, "one");
    });
    law(`${title}: in the other order`, async ({ storage, connect }) => {
      await play(storage, await connect(), inTheOtherOrder, "two");
    });
    law(`${title}: at once`, async ({ storage, connect }) => {
      const other = await connect();
      for (let round = 0; round < 10; round++) {
        for (const meeting of [oneSooner, twoSooner]) {
          await play(storage, other, meeting);
          await clear(storage);
        }
      }
    });
  }
};

/** Takes away what a round left, so that the next one starts as the first did. */
async function clear(storage: Storage): Promise<void> {
  for (const worker of await storage.listWorkers()) await storage.unregisterWorker(worker.id);
  for (const job of await orphansOf(storage, 100)) await settleOne(storage, job, "cancelled");
  for (const { id } of await storage.listJobs({}, 100)) await storage.deleteJob(id);
}
