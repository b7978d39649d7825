import { expect } from "vitest";
import { defaultRetryPolicy } from "../../src/core/defaults.ts";
import { jobStates } from "../../src/core/job.ts";
import { bring, jobAt } from "./bring.ts";
import { aJob, enqueue, enqueueOne, policy, runOne, someJobs, uniqueOn } from "./jobs.ts";
import type { Chapter } from "./law.ts";

export const textLaws: Chapter = (law) => {
  law("texts are the JSON that is stored, in which no number is rounded", async (place) => {
    const { storage } = place;
    const exact = '{"big":9007199254740993,"small":0.1000000000000000055}';
    const { lease } = await runOne(storage, { payload: '{"a":  1}' });
    await storage.patchJob(lease, { checkpoint: "[1.50]", progress: "null" });
    const done = await bring(place, "completed", { queue: "q", payload: '"é😀"' });
    const producer = await place.producer();
    const { id: foreign } = await producer.enqueue("work", exact);
    const texts = await storage.readTexts([lease.id, done, foreign, "999999999", "x"]);
    expect(new Map(texts.map((each) => [each.id, each]))).toEqual(
      new Map([
        [done, { id: done, payload: '"é😀"', result: null, checkpoint: null, progress: null }],
        [
          lease.id,
          {
            id: lease.id,
            payload: '{"a":  1}',
            result: null,
            checkpoint: "[1.50]",
            progress: "null",
          },
        ],
        [foreign, { id: foreign, payload: exact, result: null, checkpoint: null, progress: null }],
      ]),
    );
    expect(await storage.readTexts([done], 3)).toMatchObject([{ payload: '"é😀' }]);
    expect(await storage.readTexts([foreign], 100)).toMatchObject([{ payload: exact }]);
  });

  law("what a job was enqueued with is there whatever has become of it", async (place) => {
    const { storage } = place;
    const slow = { ...policy, attempts: 7, timeoutMs: 9_000 };
    for (const state of jobStates) {
      const unique = uniqueOn(state, { while: "waiting" });
      const id = await bring(place, state, { queue: state, policy: slow, unique });
      expect(await storage.readTerms(id), state).toEqual({ policy: slow, uniqueWhile: "waiting" });
    }
    const usual = await enqueueOne(storage, { policy: defaultRetryPolicy });
    expect(await storage.readTerms(usual)).toEqual({
      policy: defaultRetryPolicy,
      uniqueWhile: null,
    });
    for (const none of ["999999999", "x"]) {
      expect(await storage.readTerms(none)).toBeUndefined();
    }
  });

  law("a list leaves out values that are longer than asked for", async ({ storage }) => {
    const long = JSON.stringify("x".repeat(98));
    const [large = "", small = ""] = await enqueue(
      storage,
      aJob({ payload: long, tags: ["kept"] }),
      ...someJobs(1, { payload: "null" }),
    );
    const bounds = { limit: 9, searchAtMost: 9 };
    for (const list of [
      (valuesUpTo?: number) => storage.listJobs({}, 9, undefined, valuesUpTo),
      async (valuesUpTo?: number) => (await storage.searchJobs({}, { ...bounds, valuesUpTo })).jobs,
    ]) {
      const whole = [await jobAt(storage, small), await jobAt(storage, large)];
      expect(await list()).toEqual(whole);
      expect(await list(100)).toEqual(whole);
      expect(await list(99)).toEqual([whole[0], { ...whole[1], payload: undefined }]);
      expect((await list(0)).map(({ payload }) => payload)).toEqual([undefined, undefined]);
    }
  });
};
