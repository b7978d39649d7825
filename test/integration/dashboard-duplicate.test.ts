import { type Client, createClient, createWorker, defineJob } from "holdfast";
import { expect, test } from "vitest";
import type { EnqueueAnswer } from "../../src/dashboard/wire/jobs.ts";
import type { ProblemAnswer } from "../../src/dashboard/wire/problem.ts";
import { askDashboard } from "../support/ask-dashboard.ts";
import { describeSharedDatabases, silent } from "./client-databases.ts";

interface Letter {
  readonly to: string;
  readonly big?: number;
}

const letter = defineJob<Letter>({
  name: "letter",
  version: { number: 3, upgrade: (payload) => payload },
  retry: { attempts: 7, backoff: "fixed", delay: "9s" },
  timeout: "11s",
  lane: ({ to }) => to,
  limits: [{ scope: "post", by: ({ to }) => to, weight: 2, concurrent: 5 }],
  unique: { key: ({ to }) => to, while: "waiting" },
  tags: ["mail"],
});

describeSharedDatabases((databases) => {
  /** An application's client, and that of a dashboard of its own, which knows no definitions. */
  async function open() {
    const [client, storage, place] = await databases.onStorage();
    const alone: Client = databases.closing(await createClient({ ...place, logger: silent }));
    const terms = async (id: string) => {
      const { version, queue, priority, tags, gates, uniqueKey, payload } =
        (await client.jobs.get(id)) ?? {};
      const shown = { version, queue, priority, tags, gates, uniqueKey, payload };
      return { ...shown, ...(await storage.readTerms(id)) };
    };
    return { client, terms, within: askDashboard(client), alone: askDashboard(alone) };
  }
  const options = { delay: "1h", queue: "post", priority: 2, tags: ["vip"] } as const;

  test("a copy has everything of its job but the unique key, wherever its definition is known", async () => {
    const { client, terms, within, alone } = await open();
    const { id } = await client.enqueue(letter, { to: "ada" }, options);
    const original = await terms(id);
    expect(original).toMatchObject({
      version: 3,
      tags: ["mail", "vip"],
      gates: [
        { gate: "lane:ada", weight: 1 },
        { gate: "limit:post:ada", weight: 2 },
      ],
      policy: { attempts: 7, minMs: 9_000, timeoutMs: 11_000 },
    });
    for (const ask of [within, alone]) {
      const { body } = await ask<EnqueueAnswer>("jobs", { duplicateOf: id });
      expect(await terms(body.id)).toEqual({ ...original, uniqueKey: null, uniqueWhile: null });
      const change = { payload: '{"to":"bob","big":12345678901234567890}', queue: "q", tags: [] };
      const changed = await ask<EnqueueAnswer>("jobs", { duplicateOf: id, ...change });
      expect(await terms(changed.body.id)).toMatchObject({
        queue: "q",
        tags: [],
        gates: original.gates,
        policy: original.policy,
        payload: { to: "bob" },
      });
      const texts = await client.jobs.texts([changed.body.id]);
      expect(texts[0]?.payload).toBe(change.payload);
    }
  });

  test("a copy with its unique key is refused while another job holds it, and holds it as its job did", async () => {
    const { client, terms, alone } = await open();
    const { id } = await client.enqueue(letter, { to: "ada" }, options);
    const asked = { duplicateOf: id, withUniqueKey: true };
    const { status, body: refused } = await alone<ProblemAnswer>("jobs", asked);
    expect([status, refused.code]).toEqual([409, "UNIQUE_CONFLICT"]);
    await client.jobs.cancel(id);
    const { body } = await alone<EnqueueAnswer>("jobs", asked);
    expect(await terms(body.id)).toMatchObject({ uniqueKey: "ada", uniqueWhile: "waiting" });
  });

  test("a completed job has kept no lane and limits: its copy has those of its definition where that is known", async () => {
    const { client, terms, within, alone } = await open();
    const worker = createWorker(client, { handlers: [letter.handler(() => {})] });
    await worker.start();
    const { id } = await client.enqueue(letter, { to: "ada" });
    await client.handle(id).finished({ timeout: "20s" });
    await worker.stop();
    const copyBy = async (ask: typeof within) => {
      const { body } = await ask<EnqueueAnswer>("jobs", { duplicateOf: id });
      return terms(body.id);
    };
    const policy = { attempts: 7, timeoutMs: 11_000 };
    expect(await copyBy(within)).toMatchObject({
      gates: [{ gate: "lane:ada" }, { gate: "limit:post:ada", weight: 2 }],
      policy,
    });
    expect(await copyBy(alone)).toMatchObject({ gates: [], policy });
  });

  test("a new job has no key to keep, and a copy no other name", async () => {
    const { client, alone } = await open();
    const { id } = await client.enqueue(letter, { to: "ada" }, options);
    for (const body of [
      { name: "letter", withUniqueKey: true },
      { duplicateOf: id, name: "card" },
    ]) {
      expect(await alone("jobs", body)).toMatchObject({
        status: 400,
        body: { code: "REQUEST_INVALID" },
      });
    }
  });
});
