import { beforeEach, expect, test } from "vitest";
import type { Listening } from "../storage/contract/wakeup.ts";
import { createIdleMark, type IdleMark } from "./idle-mark.ts";

let asked: (readonly string[])[];
let reliable: boolean;
let unrelied: number;
let mark: IdleMark;

beforeEach(() => {
  asked = [];
  reliable = true;
  unrelied = 0;
  const ear: Listening = {
    async waitFor(queues) {
      asked.push(queues);
      return reliable;
    },
    stop: async () => {},
  };
  const onUnrelied = () => void (unrelied += 1);
  mark = createIdleMark({ listening: () => ear, queues: () => ["a"], onUnrelied });
});

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("it is taken once, and then hints can be relied on", async () => {
  let taken = 0;
  mark.take(() => void (taken += 1));
  mark.take(() => void (taken += 1));
  expect(mark.relied()).toBe(false);
  await settle();
  expect([asked, taken, mark.relied()]).toEqual([[["a"]], 1, true]);
  mark.take(() => void (taken += 1));
  expect(asked).toHaveLength(1);
});

test("dropped, it says so, and whoever relied on hints is told", async () => {
  mark.take(() => {});
  await settle();
  mark.drop();
  expect([asked, mark.relied(), unrelied]).toEqual([[["a"], []], false, 1]);
  mark.drop();
  expect(asked).toHaveLength(2);
});

test("dropped while it is being taken, it stays dropped", async () => {
  mark.take(() => expect.fail("it was dropped"));
  mark.drop();
  await settle();
  expect(mark.relied()).toBe(false);
});

test("one that cannot be relied on is asked for again", async () => {
  reliable = false;
  mark.take(() => expect.fail("it is not there"));
  await settle();
  expect(mark.relied()).toBe(false);
  reliable = true;
  mark.take(() => {});
  await settle();
  expect(mark.relied()).toBe(true);
});

test("lost, it is taken anew", async () => {
  mark.take(() => {});
  await settle();
  mark.lose();
  expect([mark.relied(), unrelied]).toEqual([false, 1]);
  mark.take(() => {});
  await settle();
  expect(asked).toEqual([["a"], ["a"]]);
});
