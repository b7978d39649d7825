import { defineJob } from "holdfast";
import { expect, test } from "vitest";
import { cliProjects, holdfastModule } from "../support/cli-project.ts";
import { argsOf, configOf } from "../support/run-holdfast.ts";
import { describeSharedDatabases } from "./client-databases.ts";

const project = cliProjects();

const jobs = `
import { defineJob } from ${holdfastModule};
const email = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) =>
      typeof value?.email === "string"
        ? { value }
        : { issues: [{ message: "an email is missing", path: ["email"] }] },
  },
};
export const greet = defineJob({ name: "greet", payload: email, queue: "polite", unique: { key: (p) => p.email } });
`;

const receiptOf = (out: string) => JSON.parse(out) as { readonly id: string };

describeSharedDatabases((databases) => {
  test("enqueue stores a job as its definition says and prints its id and outcome", async () => {
    const [client, , place] = await databases.onStorage();
    const { holdfast, start } = project({
      "holdfast.config.mjs": `export default ${JSON.stringify({ ...configOf(place), jobs: "*jobs.mjs" })};`,
      "jobs.mjs": jobs,
    });
    const ada = '{"email":"ada@example.com"}';
    const first = holdfast(["enqueue", "greet", ada]);
    expect(first).toMatchObject({ code: 0, err: "" });
    const id = /^enqueued job (\d+)\n$/.exec(first.out)?.[1] ?? "";
    expect(await client.jobs.get(id)).toMatchObject({
      name: "greet",
      queue: "polite",
      payload: { email: "ada@example.com" },
    });
    const again = start(["enqueue", "greet", "-", "--json"]);
    again.hand(ada);
    expect(await again.ended).toMatchObject({
      code: 0,
      err: "",
      out: `{"id":"${id}","outcome":"existing"}\n`,
    });

    const wrong = holdfast(["enqueue", "greet", '{"mail":1}', "--json"]);
    expect(wrong).toMatchObject({ code: 2, out: "" });
    expect(JSON.parse(wrong.err)).toMatchObject({
      error: { code: "PAYLOAD_INVALID", message: expect.stringContaining("email") as unknown },
    });

    const typo = holdfast(["enqueue", "grete", "7"]);
    expect(typo).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^enqueued job \d+\n$/) as unknown,
    });
    expect(typo.err).toBe(
      "holdfast: the configuration defines no grete, so its payload was not checked, and its queue, retries, unique key and lane are the defaults; it defines greet.\n",
    );
    expect(await client.jobs.count()).toMatchObject({ available: 2 });
  });

  test("enqueue takes every option, and names what it was not told", async () => {
    const [client, , place] = await databases.onStorage();
    const { holdfast } = project();
    const enqueue = (...args: readonly string[]) =>
      holdfast(["enqueue", "report", ...args, "--json", ...argsOf(place)]);
    const at = "2100-01-31T08:00:00Z";
    const full = [
      "[1]",
      "--run-at",
      at,
      "--priority",
      "0",
      "--queue",
      "slow",
      "--key",
      "jan",
      "--lane",
      "l",
      "--tag",
      "a",
      "b",
    ];
    const first = enqueue(...full);
    expect(first).toMatchObject({ code: 0 });
    expect(first.err).toContain("no definitions are known");
    const { id } = receiptOf(first.out);
    expect(await client.jobs.get(id)).toMatchObject({
      state: "scheduled",
      payload: [1],
      runAt: Date.parse(at),
      priority: 0,
      queue: "slow",
      uniqueKey: expect.stringContaining("jan") as unknown,
      tags: ["a", "b"],
    });
    const named = receiptOf(enqueue("--idempotency-key", "r1", "--delay", "1h").out);
    expect(await client.jobs.get(named.id)).toMatchObject({ state: "scheduled", payload: null });
    expect(receiptOf(enqueue("--idempotency-key", "r1").out)).toEqual({
      id: named.id,
      outcome: "existing",
    });
    expect(
      (await client.enqueue(defineJob({ name: "report" }), 1, { unique: { key: "jan" } })).id,
    ).toBe(id);
  });

  test("enqueue of what no job can be stores nothing", async () => {
    const [client, , place] = await databases.onStorage();
    const { holdfast } = project();
    for (const [args, says] of [
      [["report", "1", "--delay", "soon"], "delay must be a duration"],
      [["report", "1", "--priority", "12"], "priority must be a whole number from 0 to 9"],
    ] as const) {
      const { code, out, err } = holdfast(["enqueue", ...args, ...argsOf(place)]);
      expect({ code, out }, says).toEqual({ code: 2, out: "" });
      expect(err).toContain(says);
    }
    expect(await client.jobs.list()).toMatchObject({ jobs: [] });
  });
});

test.each([
  [["report", "{a:1}"], "The payload must be JSON"],
  [["report", "1", "--priority", "high"], "It must be a number"],
  [["report", "1", "--run-at", "tomorrow"], "It must be a moment"],
  [["report", "1", "--run-at", "2100-01-31T08:00"], "It must be a moment"],
  [["report", "1", "--run-at", "4102444800"], "It must be a moment"],
  [[], "missing required argument 'name'"],
])("enqueue %j is wrong usage, whatever the database", (args, says) => {
  const { holdfast } = project();
  const { code, out, err } = holdfast(["enqueue", ...args, "--url", "sqlite:none.db"]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(says);
});
