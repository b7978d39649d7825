import { defineJob } from "holdfast";
import { expect, test } from "vitest";
import { cliProjects, holdfastModule } from "../support/cli-project.ts";
import { argsOf } from "../support/run-holdfast.ts";
import { describeSharedDatabases } from "./client-databases.ts";

const project = cliProjects();
const { holdfast } = project();

/** A configuration that declares one schedule, as deploy number `version`. */
const config = (place: object, name: string, version: number) => `
import { digest } from "./jobs.mjs";
const list = [{ name: ${JSON.stringify(name)}, every: "15m", job: digest, payload: { to: "ada" } }];
export default { ...${JSON.stringify(place)}, jobs: "jobs.mjs", schedules: { list, group: "mail", version: ${version} } };
`;
const jobs = `
import { defineJob } from ${holdfastModule};
export const digest = defineJob({ name: "digest" });
export const handler = digest.handler(() => {});
`;

const digest = defineJob<{ to: string }>({ name: "digest", queue: "mail" });
const newYork = "America/New_York";

describeSharedDatabases((databases) => {
  test("schedules are listed, shown, paused, resumed, run and removed", async () => {
    const [client, , place] = await databases.onStorage();
    const schedules = (...args: readonly string[]) =>
      holdfast(["schedules", ...args, ...argsOf(place)]);
    await client.schedules.apply(
      [
        {
          name: "daily",
          cron: "30 2 * * *",
          timeZone: newYork,
          job: digest,
          payload: { to: "ada" },
        },
        { name: "often", every: "15m", job: "sweep" },
      ],
      { group: "mail" },
    );

    const { out } = schedules("list");
    expect(out).toMatch(
      /^daily +mail +active +30 2 \* \* \* America\/New_York +digest +\d{4}-.*Z/m,
    );
    expect(out).toMatch(/^often +mail +active +every 15m +sweep/m);
    expect(schedules("pause", "daily", "--by", "ada")).toEqual({
      code: 0,
      err: "",
      out: "paused daily\n",
    });
    const shown = schedules("show", "daily");
    expect(shown).toMatchObject({ code: 0, err: "" });
    expect(shown.out).toMatch(/^state: +paused$/m);
    expect(shown.out).toMatch(/^paused: .*Z by ada$/m);
    expect(shown.out).toMatch(/^payload: +\{"to":"ada"\}$/m);
    expect(schedules("resume", "daily").out).toMatch(/^resumed daily, next \d{4}-.*Z\n$/);

    const ran = schedules("run-now", "often", "--json");
    const { id } = JSON.parse(ran.out) as { readonly id: string };
    expect(await client.jobs.get(id)).toMatchObject({ name: "sweep", state: "available" });
    expect(schedules("remove", "often").out).toBe("removed often\n");
    expect((await client.schedules.list()).map(({ name }) => name)).toEqual(["daily"]);
    expect(schedules("show", "often")).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(/^holdfast: SCHEDULE_NOT_FOUND: .*schedules list/) as unknown,
    });
  });

  test("ticks are printed ahead, by UTC and by the clock of their zone", async () => {
    const [client, , place] = await databases.onStorage();
    const preview = (...args: readonly string[]) =>
      holdfast(["schedules", "preview", ...args, "--after", "2027-03-13T20:00Z", ...argsOf(place)]);
    await client.schedules.upsert({
      name: "daily",
      cron: "30 2 * * *",
      timeZone: newYork,
      job: "x",
    });
    const named = preview("daily", "--count", "2");
    expect(named).toEqual({
      code: 0,
      err: "",
      out: [
        "TICK                      America/New_York",
        "2027-03-14T07:00:00.000Z  2027-03-14 03:00:00",
        "2027-03-15T06:30:00.000Z  2027-03-15 02:30:00",
        "",
      ].join("\n"),
    });
    expect(preview("nobody")).toMatchObject({ code: 1 });
    if (databases.kind === "PostgreSQL") return;
    const timing = preview(
      "--cron",
      "30 2 * * *",
      "--time-zone",
      newYork,
      "--count",
      "1",
      "--json",
    );
    expect(JSON.parse(timing.out)).toEqual([
      { at: "2027-03-14T07:00:00.000Z", local: "2027-03-14 03:00:00" },
    ]);
    expect(preview("--cron", "0 0 0 1 1 * 2020").out).toBe("It never ticks again.\n");

    expect(preview("--cron", "61 * * * *")).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining('The cron expression "61 * * * *" is no use') as unknown,
    });
    expect(preview()).toMatchObject({
      code: 2,
      err: expect.stringContaining("preview takes") as unknown,
    });
    expect(preview("daily", "--every", "1h")).toMatchObject({ code: 2 });
    expect(preview("daily", "--count", "many")).toMatchObject({ code: 2 });
  });

  test("the schedules of the configuration are declared by a command, and by work when it starts", async () => {
    const [client, , { url, schema }] = await databases.onStorage();
    const place = { url, ...(schema === undefined ? {} : { schema }) };
    const older = project({ "holdfast.config.mjs": config(place, "older", 1), "jobs.mjs": jobs });
    const newer = project({ "holdfast.config.mjs": config(place, "newer", 2), "jobs.mjs": jobs });
    const names = async () => (await client.schedules.list()).map(({ name }) => name);
    expect(older.holdfast(["schedules", "apply"])).toEqual({
      code: 0,
      err: "",
      out: "added older\n",
    });

    const working = newer.start(["work"]);
    await working.said(/^worker \d+ runs digest/);
    expect(await names()).toEqual(["newer"]);
    working.kill("SIGTERM");
    expect(await working.ended).toMatchObject({ code: 0 });

    const late = older.holdfast(["schedules", "apply"]);
    expect(late).toMatchObject({ code: 0, out: "nothing to change\n" });
    expect(late.err).toContain("a newer deploy has declared the schedules");
    expect(await names()).toEqual(["newer"]);
    expect(holdfast(["schedules", "apply", ...argsOf(place)])).toMatchObject({ code: 2 });
  });
});
