import { createWorker, defineJob, type JobHandler } from "holdfast";
import { createManualClock, drain, runUntilIdle } from "holdfast/testing";
import { expect, test } from "vitest";
import { coded } from "../support/coded.ts";
import { describeWorkers } from "./worker-bench.ts";

interface Shop {
  readonly bank: { charge(amount: number): Promise<string> };
}

const charge = defineJob<{ amount: number }, string>({ name: "charge", queue: "money" });
const thank = defineJob<{ receipt: string }, string>({ name: "thank" });

const production = [
  charge.handler<Shop>(async ({ amount }, { services, enqueue }) => {
    const receipt = await services.bank.charge(amount);
    await enqueue(thank, { receipt });
    return receipt;
  }),
  thank.handler(({ receipt }) => `Thanks for ${receipt}`),
];

const services: Shop = { bank: { charge: () => Promise.reject(new Error("a real bank")) } };

describeWorkers((openBench) => {
  test("an override runs instead of the production handler, and the others stay", async () => {
    const bench = await openBench();
    const fake = charge.handler<Shop>(async ({ amount }, { enqueue }) => {
      await enqueue(thank, { receipt: `fake ${amount}` });
      return "free";
    });
    const options = { handlers: production, override: [fake], services };
    await using worker = createWorker(bench.client, options);
    await worker.start();
    const { id } = await bench.client.enqueue(charge, { amount: 7 });
    await expect(bench.finished(id)).resolves.toMatchObject({ result: "free" });
    const [thanks] = (await bench.client.jobs.list({ name: "thank" })).jobs;
    await expect(bench.finished(thanks?.id ?? "")).resolves.toMatchObject({
      result: "Thanks for fake 7",
    });
    const [{ queues, handlers } = { queues: [], handlers: [] }] = await bench.client.workers.list();
    expect([...queues].sort()).toEqual(["default", "money"]);
    expect([...handlers].sort()).toEqual(["charge", "thank"]);
  });

  test("drain and runUntilIdle take overrides as well", async () => {
    const bench = await openBench({ clock: createManualClock() });
    const options = { handlers: production, override: [charge.handler(() => "free")], services };
    const first = await bench.client.enqueue(charge, { amount: 1 });
    await runUntilIdle(bench.client, options);
    await expect(bench.job(first.id)).resolves.toMatchObject({ result: "free" });
    const later = await bench.client.enqueue(charge, { amount: 1 }, { delay: "1h" });
    await drain(bench.client, options);
    await expect(bench.job(later.id)).resolves.toMatchObject({ result: "free" });
  });

  test("an override of an unknown job, given twice, or of another definition is an error", async () => {
    const { client } = await openBench();
    const make = (...override: readonly JobHandler<Shop>[]) =>
      createWorker(client, { handlers: production, override, services });
    const unknown = defineJob({ name: "charg" }).handler(() => {});
    expect(() => make(unknown)).toThrow(
      coded("INVALID_OPTION", '"charg", but handlers has none of that name; it has charge, thank'),
    );
    const free = charge.handler(() => "free");
    expect(() => make(free, free)).toThrow(coded("DUPLICATE_HANDLER"));
    const namesake = defineJob({ name: "charge" }).handler(() => {});
    expect(() => make(namesake)).toThrow(coded("DUPLICATE_DEFINITION"));
    expect(() => make(7 as never)).toThrow(coded("INVALID_OPTION", "override must be"));
  });
});
