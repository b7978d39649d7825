import { createWorker, defineJob } from "holdfast";
import { expect, test } from "vitest";
import type {
  EnqueueAnswer,
  JobAnswer,
  JobLogsAnswer,
  JobsAnswer,
} from "../../src/dashboard/wire/jobs.ts";
import type { ProblemAnswer } from "../../src/dashboard/wire/problem.ts";
import { askDashboard } from "../support/ask-dashboard.ts";
import { describeSharedDatabases } from "./client-databases.ts";

const script = '</script><script>alert(1)</script><img src=x onerror="alert(1)">';
const reversed = "\u202Egnp.exe\u202C \u200F\u0007\u001B[31m";
const nasty = `${script} ${reversed} %s \${x} ' " \\ 😀`;
const names = [script, reversed, "a/b?c#d%2F", "..", "*", "constructor", "state:x,y", "名前"];

const requests: readonly (readonly [path: string, body: unknown])[] = [
  ["jobs?q=queue:%00", undefined],
  ["jobs?q=queue:%ED%A0%80%F0", undefined],
  [`jobs?q=${"%22".repeat(5_000)}`, undefined],
  [`jobs?q=${"payload.".repeat(1_200)}`, undefined],
  [`jobs?q=id:${"9".repeat(5_000)}`, undefined],
  [`jobs?q=${"tag:t%20".repeat(1_200)}`, undefined],
  [`jobs?q=name:${"*t".repeat(4_000)}b`, undefined],
  ["jobs?after=%00", undefined],
  ["jobs?after=99999999999999999999", undefined],
  ["jobs/%00", undefined],
  ["jobs/99999999999999999999999", undefined],
  ["jobs/values?field=payload&path=%22.%00", undefined],
  ["jobs/values?field=name&prefix=%00%F0", undefined],
  ["queues/%00", undefined],
  ["queues/%00/pause", {}],
  ["schedules/%00", undefined],
  ["schedules/%00/ticks", undefined],
  ["schedules/hourly/ticks?after=8640000000000000", undefined],
  ["schedules/hourly/ticks?after=253402214400000&limit=200", undefined],
  ["operations/%00", undefined],
  ["operations?after=x", undefined],
  ["audit?target=%00", undefined],
  ["audit?after=x", undefined],
  ["stats/series?from=9999999999999999999", undefined],
  ["stats/series?from=0", undefined],
  ["stats/summary?queue=%00", undefined],
  ["limits/%00/update", { concurrent: 1 }],
  ["workers/%00/drain", {}],
  ["jobs", { name: "\ud800", payload: "1" }],
  ["jobs", { name: "x", payload: '"\\ud800"' }],
  ["jobs", { name: "x", payload: '"\\u0000"' }],
  ["jobs", { name: "x", payload: "[".repeat(100_000) }],
  ["jobs", { name: "x", payload: `${"[".repeat(100_000)}${"]".repeat(100_000)}` }],
  ["jobs", { name: "x", payload: JSON.stringify("x".repeat(1_100_000)) }],
  ["jobs", { name: "x", payload: "1", tags: ["\0"] }],
  ["jobs", { name: "x", payload: "[".repeat(1_000_000) }],
  ["jobs", { name: "x", payload: "1", ["__proto__"]: { delay: "1h" } }],
  ["queues/q/update", { backoff: { ["__proto__"]: { min: "1s" }, constructor: 1 } }],
  ["jobs/1/cancel", { why: "\ud800" }],
  ["operations", { action: "cancel", q: "queue:\ud800" }],
];

const odd = defineJob<{ secret: string }>({ name: "odd", retry: { attempts: 1 } });

describeSharedDatabases((databases) => {
  test("names of any text are found by the filter that means them, and shown as they are", async () => {
    const client = await databases.client();
    const ask = askDashboard(client);
    for (const name of names)
      await client.enqueue(name, { [name]: nasty }, { queue: name, tags: [name] });
    const { body } = await ask<JobsAnswer>("jobs");
    expect(body.jobs.map((job) => job.name).toReversed()).toEqual(names);
    for (const name of names) {
      const quoted = `"${name.replaceAll(/["\\]/g, "\\$&")}"`;
      const asked = encodeURIComponent(`name:${quoted} queue:${quoted} tag:${quoted}`);
      const { body: found } = await ask<JobsAnswer>(`jobs?q=${asked}`);
      expect(found.jobs.map((job) => job.name)).toEqual([name]);
      const [row] = found.jobs;
      const { body: job } = await ask<JobAnswer>(`jobs/${row?.id}`);
      expect(JSON.parse(job.payload)).toEqual({ [name]: nasty });
      expect((await ask(`jobs/${row?.id}/explain`)).status).toBe(200);
      const path = encodeURIComponent(name);
      // A URL has no way to name a folder called "..".
      if (name !== "..") expect((await ask(`queues/${path}/pause`, {})).status).toBe(200);
    }
    expect((await ask("queues")).status).toBe(200);
    for (const field of ["name", "queue", "tag", "payload"]) {
      expect((await ask(`jobs/values?field=${field}`)).status).toBe(200);
    }
  });

  test("long and deep values are cut in lists, whole in details, and exact", async () => {
    const client = await databases.client();
    const ask = askDashboard(client);
    const long = "ab😀".repeat(150_000);
    const deep = `${"[".repeat(499)}12345678901234567890${"]".repeat(499)}`;
    const payloads = [JSON.stringify(long), deep, JSON.stringify({ script, reversed })];
    for (const payload of payloads) {
      const made = await ask<EnqueueAnswer>("jobs", { name: "odd", payload });
      const { body } = await ask<JobAnswer>(`jobs/${made.body.id}`);
      expect(body.payload === payload).toBe(true);
    }
    const { body } = await ask<JobsAnswer>("jobs");
    expect(body.jobs.map((job) => job.payload.length <= 200)).toEqual([true, true, true]);
    expect(body.jobs[2]?.payload.startsWith('"ab😀')).toBe(true);
    const hiding = askDashboard(client, { redact: ["**.secret"] });
    const { body: hidden } = await hiding<JobsAnswer>("jobs");
    // Of the first nothing is known: it is longer than what is looked through for a list.
    expect(hidden.jobs.map((job) => job.payload.slice(0, 12))).toEqual([
      '{"script":"<',
      "[".repeat(12),
      '"[redacted]"',
    ]);
    const { body: whole } = await hiding<JobAnswer>(`jobs/${hidden.jobs[2]?.id}`);
    expect(whole.payload === payloads[0]).toBe(true);
  });

  test("errors and lines of any text are answered as valid JSON", async () => {
    const client = await databases.client();
    const ask = askDashboard(client, { redact: ["payload.secret"] });
    const worker = createWorker(client, {
      handlers: [
        odd.handler(async (_payload, job) => {
          job.log.warn({ [nasty]: nasty, half: "\ud800", nul: "\0" }, `sesame ${nasty} \ud800 \0`);
          throw Object.assign(new Error(`${nasty} \ud800 \0\nsecond ${"x".repeat(20_000)}`), {
            name: script,
            code: script,
            stack: `${nasty}\n    at ${script} (file:///x:1:1)`,
          });
        }),
      ],
    });
    await worker.start();
    const { id } = await client.enqueue(odd, { secret: "sesame" });
    await client.handle(id).finished({ timeout: "20s" });
    await worker.stop();
    const { body } = await ask<JobAnswer>(`jobs/${id}`);
    expect(body.attempts[0]?.error?.message.startsWith(script)).toBe(true);
    const { body: logs } = await ask<JobLogsAnswer>(`jobs/${id}/logs`);
    expect(logs.lines[0]?.message.startsWith(`[redacted] ${script}`)).toBe(true);
    expect(Object.keys(logs.lines[0]?.fields ?? {})).toEqual([nasty, "half", "nul"]);
    expect((await ask<JobsAnswer>("jobs")).body.jobs[0]?.error?.length).toBeLessThanOrEqual(300);
  });

  test("whatever is asked is answered, or refused as what it is, and the server never fails", async () => {
    const client = await databases.client();
    await client.schedules.upsert({ name: "hourly", cron: "0 * * * *", timeZone: "UTC", job: "x" });
    const ask = askDashboard(client, { redact: ["payload.card"] });
    for (const [path, body] of requests) {
      const { status, body: told } = await ask<ProblemAnswer>(path, body);
      const said = `${path} ${JSON.stringify(body)} ${JSON.stringify(told)}`.slice(0, 500);
      expect([200, 400, 404, 413], said).toContain(status);
      if (status !== 200) expect(JSON.stringify(told).length, said).toBeLessThan(10_000);
    }
  });
});
