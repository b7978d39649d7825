import { expect, test } from "vitest";
import { eventually } from "../../test/conformance/eventually.ts";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import { noOrders, type Orders } from "../core/orders.ts";
import { startOrders } from "./orders.ts";

const order = { queue: "mail", concurrency: 2, maxRunning: null, backoff: null };

/** Orders as a storage gives them, and what a worker was told of them. */
function open(first: Orders = noOrders) {
  const bench = { stored: first, reads: 0, told: [] as Orders[], drains: [] as (string | null)[] };
  const orders = startOrders({
    storage: {
      async readOrders() {
        bench.reads += 1;
        return bench.stored;
      },
    },
    logger: recordingLogger(),
    workerId: "7",
    first,
    names: () => false,
    relied: () => true,
    onOrders: (latest) => void bench.told.push(latest),
    onDrain: (by) => void bench.drains.push(by),
  });
  return { bench, orders };
}

test("a worker is told of what has changed, and of nothing else", async () => {
  const { bench, orders } = open();
  orders.wake();
  await eventually("it has looked", () => bench.reads === 1);
  expect(bench.told).toEqual([]);
  bench.stored = { ...noOrders, queues: [order] };
  orders.wake();
  await eventually("it was told", () => bench.told.length === 1);
  orders.wake();
  await eventually("it has looked again", () => bench.reads === 3);
  expect(bench.told).toEqual([bench.stored]);
  await orders.stop();
});

test("a worker is told once to drain and who wants it, also when that was ordered before it began", async () => {
  const { bench, orders } = open({ ...noOrders, drain: { by: "ada" } });
  await eventually("it was told", () => bench.drains.length === 1);
  orders.wake();
  await eventually("it has looked", () => bench.reads === 1);
  expect(bench.drains).toEqual(["ada"]);
  await orders.stop();
});
