import { expect, test } from "vitest";
import { orderedPlaces } from "./orders.ts";

const order = { maxRunning: null, backoff: null };

test("an ordered concurrency goes before a worker's own, in queues it serves and in no others", () => {
  const own = new Map([
    ["emails", 20],
    ["default", 10],
  ]);
  const queues = [
    { ...order, queue: "emails", concurrency: 2 },
    { ...order, queue: "default", concurrency: null },
    { ...order, queue: "elsewhere", concurrency: 5 },
  ];
  expect([...orderedPlaces(own, { queues })]).toEqual([
    ["emails", 2],
    ["default", 10],
  ]);
  expect([...own], "the worker's own numbers stay").toEqual([
    ["emails", 20],
    ["default", 10],
  ]);
});
