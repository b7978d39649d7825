import { defineJob, type Queue } from "holdfast";
import { expect, test } from "vitest";
import { cliProjects } from "../support/cli-project.ts";
import { argsOf } from "../support/run-holdfast.ts";
import { describeSharedDatabases } from "./client-databases.ts";

const { holdfast } = cliProjects()({});

const welcome = defineJob({ name: "welcome", queue: "mail" });

describeSharedDatabases((databases) => {
  test("queues are listed, shown, changed, paused and resumed", async () => {
    const [client, storage, place] = await databases.onStorage();
    const queues = (...args: readonly string[]) => holdfast(["queues", ...args, ...argsOf(place)]);
    expect(queues("list")).toEqual({ code: 0, err: "", out: "No queues.\n" });
    await client.enqueue(welcome, {});
    const listed = queues("list");
    expect(listed.out).toMatch(/^mail +unserved +1 +0 +any +0 +0 +0$/m);
    expect(listed.err).toBe("holdfast: jobs wait in mail, and no live worker serves it\n");

    const settings = [
      "--max-running",
      "7",
      "--backoff",
      "min=2s,max=1m,jitter=0",
      "--keep-dead",
      "60d",
    ];
    expect(queues("update", "mail", ...settings, "--by", "ada")).toEqual({
      code: 0,
      err: "",
      out: "changed mail\n",
    });
    expect(await client.queues.get("mail")).toMatchObject({
      maxRunning: 7,
      concurrency: null,
      backoff: { minMs: 2_000, maxMs: 60_000, factor: 2, jitter: 0 },
      retention: { completed: null, dead: 5_184_000_000 },
      changedBy: "ada",
    });
    expect(queues("pause", "mail", "--by", "bob").out).toBe("paused mail\n");
    const { out } = queues("show", "mail");
    expect(out).toMatch(/^state: +paused$/m);
    expect(out).toMatch(/^max running: +7$/m);
    expect(out).toMatch(/^backoff: +2s to 1m, factor 2, jitter 0$/m);
    expect(out).toMatch(/^keeps dead: +60d$/m);
    expect(out).toMatch(/^changed: +\d{4}-.*Z by bob$/m);
    expect(queues("resume", "mail").out).toBe("resumed mail\n");
    expect(queues("update", "mail", "--max-running", "none", "--backoff", "none").code).toBe(0);
    const open = { level: 0, closedUntil: 0 };
    await storage.coolQueue("mail", open, { level: 2, closedUntil: Date.now() + 3_600_000 });
    expect(queues("show", "mail").out).toMatch(/^state: +cooling until \d{4}-.*Z$/m);
    expect(queues("update", "mail", "--cooling", "none", "--by", "ada").out).toBe("changed mail\n");
    expect(await storage.getCooling("mail")).toEqual(open);
    const json = JSON.parse(queues("list", "--json").out) as Queue[];
    expect(json).toEqual(await client.queues.list());
    expect(json).toMatchObject([{ maxRunning: null, backoff: null, paused: false }]);
  });

  test("what cannot be done is refused with what to do instead, and changes nothing", async () => {
    const [client, , place] = await databases.onStorage();
    const queues = (...args: readonly string[]) => holdfast(["queues", ...args, ...argsOf(place)]);
    expect(queues("show", "none")).toMatchObject({
      code: 1,
      err: expect.stringMatching(/QUEUE_NOT_FOUND: .*no queue "none".*queues list/) as unknown,
    });
    const refused = [
      ["update", "mail"],
      ["update", "mail", "--max-running", "many"],
      ["update", "mail", "--max-running", "0"],
      ["update", "mail", "--backoff", "fast"],
      ["update", "mail", "--backoff", "mim=1s"],
      ["update", "mail", "--backoff", "factor=a"],
      ["update", "mail", "--keep-completed", "soon"],
      ["update", "mail", "--cooling", "5m"],
      ["update", ""],
      ["pause"],
      ["pause", "mail-*"],
      ["resume", "*"],
      ["update", "mail-*", "--max-running", "1"],
      ["frobnicate"],
    ];
    for (const args of refused) expect(queues(...args).code, args.join(" ")).toBe(2);
    expect(await client.queues.list()).toEqual([]);
    const misspelt = queues("pause", "male");
    expect(misspelt).toMatchObject({
      code: 0,
      err: expect.stringMatching(/nothing was known/) as unknown,
    });
    const asJson = queues("frobnicate", "--json");
    expect(asJson).toMatchObject({ code: 2, out: "" });
    expect(JSON.parse(asJson.err)).toMatchObject({ error: { code: "INVALID_OPTION" } });
  });
});
