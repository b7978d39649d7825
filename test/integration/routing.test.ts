import { createWorker, defineJob } from "holdfast";
import { expect, test } from "vitest";
import { coded } from "../support/coded.ts";
import { describeDatabases } from "./client-databases.ts";

const router = (name: string): string | undefined => name.split("/").at(-2);

describeDatabases((databases) => {
  test("jobs that name no queue go where the router says, however they are enqueued", async () => {
    const [client] = await databases.onStorage(undefined, { router });
    const welcome = defineJob({ name: "mail/welcome" });
    const own = defineJob({ name: "mail/own", queue: "own" });
    const receipts = [
      await client.enqueue(welcome, {}),
      await client.enqueue("mail/by-name", {}),
      ...(await client.enqueueMany(welcome, [1])),
      ...(await client.enqueueMany([welcome.request(2), own.request(3)])),
      await client.transaction((tx) => client.enqueue(welcome, {}, { tx })),
      await client.enqueue(welcome, {}, { queue: "call" }),
      await client.enqueue("report", {}),
    ];
    const queues = await Promise.all(
      receipts.map(async ({ id }) => (await client.jobs.get(id))?.queue),
    );
    expect(queues).toEqual(["mail", "mail", "mail", "mail", "own", "mail", "call", "default"]);
  });

  test("a worker serves the queues its handlers are routed to, and children go by the same router", async () => {
    const [client] = await databases.onStorage(undefined, { router });
    const child = defineJob<string, string>({ name: "disk/store" });
    const parent = defineJob({ name: "mail/receive" });
    const worker = createWorker(client, {
      handlers: [
        parent.handler(async (_, job) => (await job.enqueue(child, "text")).id),
        child.handler((text, { queue }) => `${text} on ${queue}`),
      ],
      poll: "20ms",
    });
    databases.closing({ close: () => worker.stop() });
    await worker.start();
    const { id } = await client.enqueue(parent, {});
    const stored = (await client.handle(id).result({ timeout: "10s" })) as string;
    await expect(client.handle(stored).result({ timeout: "10s" })).resolves.toBe("text on disk");
  });

  test("an answer that is no queue refuses the enqueue, and what the router throws is thrown on", async () => {
    const [client] = await databases.onStorage(undefined, { router: () => "" });
    await expect(client.enqueue("report", {})).rejects.toEqual(
      coded("INVALID_OPTION", "The router"),
    );
    const broken = () => {
      throw new RangeError("no such team");
    };
    const [other] = await databases.onStorage(undefined, { router: broken });
    await expect(other.enqueue("report", {})).rejects.toThrow(RangeError);
    await expect(other.enqueue("report", {}, { queue: "own" })).resolves.toMatchObject({
      outcome: "enqueued",
    });
  });
});
