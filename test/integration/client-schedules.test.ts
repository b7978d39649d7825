import { type Client, createClient, defineJob, type ScheduleOptions } from "holdfast";
import { createManualClock } from "holdfast/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type Databases, describeDatabases, silent } from "./client-databases.ts";

const start = Date.UTC(2027, 2, 13, 20);
const minute = 60_000;
const hour = 60 * minute;
const group = "mail";

const digest = defineJob({
  name: "digest",
  payload: z.object({ to: z.email() }),
  queue: "mail",
  priority: 3,
  tags: ["news"],
});
const payload = { to: "ada@example.com" };

const daily: ScheduleOptions<{ to: string }> = {
  name: "daily",
  cron: "30 2 * * *",
  timeZone: "America/New_York",
  job: digest,
  payload,
};
const often = { name: "often", every: "15m", job: "sweep" } as const;

describeDatabases((databases) => {
  async function open() {
    const clock = createManualClock(start);
    const [client, storage] = await databases.onStorage((given) => given, { clock });
    const another = async () =>
      databases.closing(await createClient({ storage, clock, logger: silent }));
    return { client, clock, storage, another };
  }

  test("a schedule is declared by its definition or by a name, and shown", async () => {
    const { client } = await open();
    const answer = await client.schedules.apply([daily, often], { group });
    expect(answer).toEqual({
      outcome: "applied",
      added: ["daily", "often"],
      changed: [],
      removed: [],
    });
    expect(await client.schedules.list()).toMatchObject([
      {
        name: "daily",
        group,
        state: "active",
        cron: "30 2 * * *",
        timeZone: "America/New_York",
        job: { name: "digest", payload, queue: "mail", priority: 3, tags: ["news"] },
        nextAt: Date.UTC(2027, 2, 14, 7),
        lastAt: null,
        missed: "once",
        overlap: "allow",
      },
      {
        name: "often",
        every: "15m",
        job: { name: "sweep", payload: null, queue: "default" },
        nextAt: start + 15 * minute,
      },
    ]);
    expect(await client.schedules.get("daily")).toEqual((await client.schedules.list())[0]);
    expect(await client.schedules.get("nobody")).toBeUndefined();
    expect(await client.jobs.list()).toMatchObject({ jobs: [] });
  });

  test("declaring anew adds, changes and removes within the group only", async () => {
    const { client } = await open();
    await client.schedules.apply([daily, often], { group });
    await client.schedules.apply([{ ...often, name: "theirs" }], { group: "other" });
    await client.schedules.upsert({ ...often, name: "by hand" });
    expect(await client.schedules.apply([daily, often], { group })).toMatchObject({
      added: [],
      changed: [],
      removed: [],
    });
    const answer = await client.schedules.apply(
      [
        { ...daily, payload: { to: "bob@example.com" } },
        { ...often, name: "new" },
      ],
      { group },
    );
    expect(answer).toEqual({
      outcome: "applied",
      added: ["new"],
      changed: ["daily"],
      removed: ["often"],
    });
    const names = (await client.schedules.list()).map(({ name }) => name);
    expect(names).toEqual(["by hand", "daily", "new", "theirs"]);
    expect((await client.schedules.get("daily"))?.job?.payload).toEqual({ to: "bob@example.com" });
  });

  test("an older deploy never undoes a newer one, whichever comes last", async () => {
    const { client, another } = await open();
    const older = await another();
    await client.schedules.apply([daily], { group, version: 2 });
    for (const version of [1, undefined, new Date(0)]) {
      const options = version === undefined ? { group } : { group, version };
      expect(await older.schedules.apply([often], options)).toMatchObject({ outcome: "older" });
    }
    expect((await client.schedules.list()).map(({ name }) => name)).toEqual(["daily"]);
    await client.schedules.apply([], { group, version: 3 });
    await older.schedules.apply([daily], { group, version: 2 });
    expect(await client.schedules.list(), "not even what the newer one removed").toEqual([]);
    expect(await older.schedules.apply([daily], { group, version: 4 })).toMatchObject({
      added: ["daily"],
    });
  });

  test("many processes that declare the same at once agree", async () => {
    const { client, another } = await open();
    const clients = [client, await another(), await another(), await another()];
    const answers = await Promise.all(
      clients.map((each) => each.schedules.apply([daily, often], { group, version: 1 })),
    );
    expect(answers.every(({ outcome }) => outcome === "applied")).toBe(true);
    expect(answers.flatMap(({ added }) => added).sort()).toEqual(["daily", "often"]);
  });

  test("old and new processes that start together end with what the new ones declare", async () => {
    const { client, another } = await open();
    const clients = [client, await another(), await another(), await another()];
    await Promise.all(
      clients.map((each, index) =>
        each.schedules.apply([index % 2 === 0 ? daily : often], { group, version: index % 2 }),
      ),
    );
    expect((await client.schedules.list()).map(({ name }) => name)).toEqual(["often"]);
  });

  test("a schedule of another group, or one made by hand, is not taken", async () => {
    const { client } = await open();
    await client.schedules.apply([daily], { group });
    await client.schedules.upsert(often);
    const taken = (schedule: string, owner: string | null): unknown =>
      expect.objectContaining({ code: "SCHEDULE_TAKEN", details: { schedule, group: owner } });
    await expect(client.schedules.apply([often, daily], { group: "other" })).rejects.toEqual(
      taken("often", null),
    );
    await expect(client.schedules.apply([daily])).rejects.toEqual(taken("daily", group));
    await expect(client.schedules.upsert({ ...often, name: "daily" })).rejects.toEqual(
      taken("daily", group),
    );
    expect(await client.schedules.list()).toHaveLength(2);
  });

  test("one made by hand is changed by hand, and removed", async () => {
    const { client } = await open();
    await client.schedules.upsert(often);
    const changed = await client.schedules.upsert({
      ...often,
      every: "1h",
      options: { queue: "slow", priority: 9 },
    });
    expect(changed).toMatchObject({
      every: "1h",
      nextAt: start + hour,
      job: { queue: "slow", priority: 9 },
    });
    expect(await client.schedules.get("often")).toEqual(changed);
    await client.schedules.remove("often");
    expect(await client.schedules.list()).toEqual([]);
  });

  test("paused by an operator it stays paused, also when it is declared anew, and resumes with the next tick", async () => {
    const { client, clock } = await open();
    await client.schedules.apply([often], { group });
    await client.schedules.pause("often", { by: "ada" });
    await client.schedules.pause("often", { by: "bob" });
    await client.schedules.apply([{ ...often, every: "1h" }], { group });
    const paused = await client.schedules.get("often");
    expect(paused).toMatchObject({
      state: "paused",
      pausedAt: start,
      pausedBy: "ada",
      nextAt: null,
      every: "1h",
    });
    await clock.advance("90m");
    await client.schedules.resume("often");
    await client.schedules.resume("often");
    expect(await client.schedules.get("often")).toMatchObject({
      state: "active",
      pausedBy: null,
      nextAt: start + 2 * hour,
    });
  });

  test("run now makes its job besides its ticks, also while it is paused", async () => {
    const { client } = await open();
    await client.schedules.apply([daily], { group });
    await client.schedules.pause("daily");
    const { id, outcome } = await client.schedules.runNow("daily");
    expect(outcome).toBe("enqueued");
    expect(await client.jobs.get(id)).toMatchObject({
      name: "digest",
      state: "available",
      payload,
      queue: "mail",
      priority: 3,
      runAt: start,
      tags: ["news", "schedule:daily", "tick:2027-03-13T20:00:00.000Z"],
    });
    expect(await client.schedules.get("daily")).toMatchObject({
      lastJob: id,
      state: "paused",
      lastAt: null,
    });
    await client.jobs.update(id, { tags: ["changed"] });
    const { jobs } = await client.jobs.list({ tag: "schedule:daily" });
    expect(jobs).toMatchObject([
      { id, tags: ["changed", "schedule:daily", "tick:2027-03-13T20:00:00.000Z"] },
    ]);
  });

  test("run now is refused where jobs may not overlap and the last has not finished", async () => {
    const { client } = await open();
    await client.schedules.upsert({ ...often, overlap: "skip" });
    const { id } = await client.schedules.runNow("often");
    await expect(client.schedules.runNow("often")).rejects.toMatchObject({
      code: "SCHEDULE_OVERLAP",
      details: { schedule: "often", job: id },
    });
    await client.jobs.cancel(id);
    await client.schedules.runNow("often");
    const last = (await client.schedules.get("often"))?.lastJob ?? "";
    await client.jobs.delete(last);
    await client.schedules.runNow("often");
  });

  test("a preview names the next ticks, of a schedule or of a timing nobody has declared", async () => {
    const { client } = await open();
    await client.schedules.apply([daily], { group });
    const at = (date: number, hours: number, minutes: number) =>
      Date.UTC(2027, 2, date, hours, minutes);
    const expected = [at(14, 7, 0), at(15, 6, 30), at(16, 6, 30)];
    expect(await client.schedules.preview("daily", { count: 3 })).toEqual(expected);
    await client.schedules.pause("daily");
    expect(
      await client.schedules.preview("daily", { count: 1, after: new Date(expected[0] ?? 0) }),
    ).toEqual([expected[1]]);
    expect(await client.schedules.preview({ every: "15m" })).toHaveLength(10);
    const ended = { cron: "0 0 0 1 1 * 2028" };
    expect(await client.schedules.preview(ended)).toEqual([Date.UTC(2028, 0)]);
  });

  test("what does not exist is not found", async () => {
    const { schedules } = await databases.client();
    const calls = ["pause", "resume", "runNow", "preview", "remove"] as const;
    for (const call of calls) {
      await expect(schedules[call]("nobody"), call).rejects.toMatchObject({
        code: "SCHEDULE_NOT_FOUND",
        details: { schedule: "nobody" },
      });
    }
  });

  test("what somebody does by hand is written down", async () => {
    const { client } = await open();
    const { schedules } = client;
    await schedules.upsert(often, { by: "ada" });
    await schedules.pause("often", { by: "ada" });
    await schedules.resume("often");
    await schedules.runNow("often", { by: "bob" });
    await schedules.remove("often", { by: "bob" });
    const { entries } = await client.audit.list({ target: "schedule:often" });
    expect(entries.map(({ by, action }) => `${by} ${action}`)).toEqual([
      "bob schedules.remove",
      "bob schedules.runNow",
      "ada schedules.pause",
      "ada schedules.upsert",
    ]);
  });

  if (databases.kind === "SQLite in memory") wrongDeclarations(databases);
});

function wrongDeclarations(databases: Databases) {
  describe("a declaration that makes no sense is refused, nothing of its list is stored, and the schedule is named", () => {
    const wrong: readonly (readonly [object, string, RegExp])[] = [
      [
        { ...daily, cron: "0 25 * * *" },
        "INVALID_OPTION",
        /"daily": The cron expression "0 25 \* \* \*" is no use: /,
      ],
      [{ ...daily, cron: "0 0 30 2 *" }, "INVALID_OPTION", /it never ticks again/],
      [{ ...daily, timeZone: "Mars/Phobos" }, "INVALID_OPTION", /IANA time zone/],
      [{ ...daily, payload: { to: "nobody" } }, "PAYLOAD_INVALID", /"daily": .*to/],
      [{ ...daily, every: "1h" }, "INVALID_OPTION", /either cron or every/],
      [{ ...daily, missed: "never" }, "INVALID_OPTION", /missed must be/],
      [{ ...daily, maxMissed: 5 }, "INVALID_OPTION", /maxMissed goes with missed: "all"/],
      [{ ...daily, missed: "all", maxMissed: 1_001 }, "INVALID_OPTION", /maxMissed must be/],
      [{ ...daily, job: undefined }, "INVALID_OPTION", /needs the job/],
      [{ ...daily, job: {} }, "INVALID_OPTION", /a definition made by defineJob/],
      [{ ...daily, name: undefined }, "INVALID_OPTION", /needs a name/],
      [{ ...daily, name: "x".repeat(201) }, "INVALID_OPTION", /name must be/],
      [{ ...daily, options: { delay: "1h" } }, "INVALID_OPTION", /has no option "delay"/],
      [{ ...daily, options: { tags: ["schedule:x"] } }, "INVALID_OPTION", /tags must be/],
      [{ ...daily, jobs: [] }, "INVALID_OPTION", /has no option "jobs"/],
      [often, "INVALID_OPTION", /two schedules are called "often"/],
      [[], "INVALID_OPTION", /takes an object of options/],
    ];

    test.each(wrong)("%j: %s %s", async (schedule, code, says) => {
      const client = await databases.client();
      const list = [often, schedule] as unknown as [ScheduleOptions];
      const refused = client.schedules.apply(list, { group });
      await expect(refused).rejects.toMatchObject({
        code,
        message: expect.stringMatching(says) as string,
      });
      expect(await client.schedules.list()).toEqual([]);
    });

    test("so are options that make no sense", async () => {
      const { schedules } = await databases.client();
      const bad = (call: (client: Client["schedules"]) => Promise<unknown>) =>
        expect(call(schedules)).rejects.toMatchObject({ code: "INVALID_OPTION" });
      await bad((each) => each.apply({} as never));
      await bad((each) => each.apply([], { version: -1 }));
      await bad((each) => each.apply([], { version: "2" as never }));
      await bad((each) => each.apply([], { version: new Date(Number.NaN) }));
      await bad((each) => each.apply([], { group: "" }));
      await bad((each) => each.pause("a", { by: 5 as never }));
      await bad((each) => each.pause(7 as never));
      await bad((each) => each.get(""));
      await bad((each) => each.preview("a", { count: 0 }));
      await bad((each) => each.preview({ every: "1m" }, { after: new Date(Number.NaN) }));
      await bad((each) => each.preview({}));
      await bad((each) => each.preview({ cron: "* * * * *", name: "a" } as never));
    });
  });
}
