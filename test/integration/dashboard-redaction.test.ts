import { createWorker, defineJob } from "holdfast";
import type { Redact } from "holdfast/dashboard";
import { expect, test } from "vitest";
import type { EnqueueAnswer, JobAnswer, JobsAnswer } from "../../src/dashboard/wire/jobs.ts";
import type { AuditAnswer } from "../../src/dashboard/wire/health.ts";
import type { OperationRow } from "../../src/dashboard/wire/operations.ts";
import type { ProblemAnswer } from "../../src/dashboard/wire/problem.ts";
import { eventually } from "../conformance/eventually.ts";
import { askDashboard } from "../support/ask-dashboard.ts";
import { describeSharedDatabases } from "./client-databases.ts";

/** Only admins see the card and the token; the pin is seen by nobody. */
const redact: Redact = [
  { path: "payload.card", visibleTo: ["admin"] },
  { path: "**.token", visibleTo: ["admin"] },
  "payload.pin",
];
const card = "4111-1111-1111-1111";
const token = "tok_98zyxw";
const pin = "987654321012";
const secrets = [card, token, "987654321012", "tok_"];
const payload = { card: { number: card }, pin: 987_654_321_012, amount: 42, who: "ada" };

const pay = defineJob<typeof payload>({
  name: "pay",
  retry: { attempts: 1 },
  lane: ({ card: { number } }) => `card-${number}`,
  unique: { key: ({ card: { number } }) => number },
});

describeSharedDatabases((databases) => {
  test("hidden values are in no answer, and nothing tells whether a guess of one is right", async () => {
    const client = await databases.client();
    const ask = askDashboard(client, { redact });
    const worker = createWorker(client, {
      handlers: [
        pay.handler(async (given, job) => {
          job.log.warn({ sent: given }, `charging ${card}`);
          await job.progress({ token, done: 1 });
          await job.state.set({ nested: [{ token }] });
          const cause = new TypeError(`token ${token} expired`);
          throw new Error(`card ${card} of ${JSON.stringify(given)} refused`, { cause });
        }),
      ],
    });
    await worker.start();
    const { id } = await client.enqueue(pay, payload, { tags: [`card:${card}`, "vip"] });
    await client.handle(id).finished({ timeout: "20s" });
    const waiting = await client.enqueue(pay, payload, { delay: "1h", tags: ["vip"] });
    await client.schedules.upsert({ name: "hourly", every: "1h", job: "pay", payload });
    await client.jobs.update(waiting.id, { payload: { ...payload, amount: 43 }, by: "admin@test" });
    await client.jobs.cancel(waiting.id, { why: `wrong card ${card}`, by: "admin@test" });
    const asked = { action: "cancel", q: `payload.card.number:${card} error:~${card}` };
    const { body: operation } = await ask<OperationRow>("operations", asked);

    const paths = [
      "jobs",
      `jobs/${id}`,
      `jobs/${id}/explain`,
      `jobs/${id}/logs`,
      `jobs/${waiting.id}`,
      `jobs/${waiting.id}/explain`,
      "schedules",
      "schedules/hourly",
      "operations",
      `operations/${operation.id}`,
      "audit",
      "jobs/values?field=tag",
      "jobs/values?field=payload",
      "jobs/values?field=payload&path=who",
      "queues",
      "workers",
      "limits",
    ];
    for (const path of paths) {
      const { status, text } = await ask(path, undefined, "operator");
      expect(status, path).toBe(200);
      const found = secrets.filter((secret) => text.includes(secret));
      expect(found, `${path}: ${text}`).toEqual([]);
    }
    const preview = { action: "retry", q: "tag:vip" };
    expect((await ask("operations/preview", preview, "operator")).text).not.toContain(card);

    const { body: seen } = await ask<JobAnswer>(`jobs/${id}`, undefined, "operator");
    expect(JSON.parse(seen.payload)).toEqual({
      card: "[redacted]",
      pin: "[redacted]",
      amount: 42,
      who: "ada",
    });
    expect(seen.redacted).toEqual([
      "payload.card",
      "payload.pin",
      "checkpoint.nested.0.token",
      "progress.token",
    ]);
    expect(seen.attempts[0]?.error?.message).toContain("card [redacted] of");
    expect(seen.tags).toEqual(["card:[redacted]", "vip"]);
    const { body: whole } = await ask<JobAnswer>(`jobs/${id}`);
    expect(whole.payload).toContain(card);
    expect(whole.payload).not.toContain(pin);
    await worker.stop();

    const refused = async (path: string, body?: unknown) => {
      const { status, body: problem } = await ask<ProblemAnswer>(path, body, "operator");
      return [status, problem.code];
    };
    const forbidden = [403, "FORBIDDEN"];
    expect(await refused(`jobs?q=payload.card.number:${card}`)).toEqual(forbidden);
    expect(await refused("jobs/counts?q=payload.pin:1")).toEqual(forbidden);
    expect(await refused("jobs/values?field=payload&path=card.number")).toEqual(forbidden);
    expect(await refused("operations/preview", { action: "retry", q: "payload.pin:1" })).toEqual(
      forbidden,
    );
    const invalid = [400, "FILTER_INVALID"];
    expect(await refused("operations", { action: "retry", q: "error:~4111" })).toEqual(invalid);
    expect(await refused("operations", { action: "retry", q: `tag:card:${card}` })).toEqual(
      invalid,
    );

    const wrongTag = { action: "retry", q: "tag:card:4222" };
    expect(await refused("operations", wrongTag)).toEqual(invalid);
    // A right guess and a wrong one are answered alike.
    for (const field of ["error:~", "tag:card:"]) {
      const asks = ["jobs?limit=1&q=", "jobs/counts?q="];
      for (const path of asks) {
        const right = await ask(`${path}${field}${card}`, undefined, "operator");
        const wrong = await ask(`${path}${field}4222-2222-2222-2222`, undefined, "operator");
        const untimed = (text: string) => text.replace(/"now":[\d.]+/, "");
        expect(untimed(right.text)).toBe(untimed(wrong.text));
      }
    }
    const shown = await ask<JobsAnswer>("jobs?q=error:~refused", undefined, "operator");
    expect(shown.body.jobs.map((job) => job.id)).toEqual([id]);
    expect((await ask<JobsAnswer>(`jobs?q=error:~${card}`)).body.jobs).toHaveLength(2);
  });

  test("whoever does not see a payload whole writes no other in its place, and copies it unseen", async () => {
    const client = await databases.client();
    const permissions = ["read", "jobs:update", "jobs:enqueue", "schedules:update"] as const;
    const ask = askDashboard(client, {
      redact,
      authorize: (request) =>
        request.headers.get("x-role") === "admin" ? "admin" : { permissions, actor: "eve" },
    });
    const { id } = await client.enqueue("pay", payload, { delay: "1h", tags: [`card:${card}`] });
    await client.schedules.upsert({ name: "hourly", every: "1h", job: "pay", payload });
    const refused = async (path: string, body: unknown) => {
      const { body: problem } = await ask<ProblemAnswer>(path, body, "eve");
      expect(JSON.stringify(problem)).not.toContain("4111");
      return problem.code;
    };
    expect(await refused(`jobs/${id}/update`, { payload: "{}" })).toBe("PAYLOAD_REDACTED");
    expect(await refused(`jobs/${id}/update`, { tags: [] })).toBe("PAYLOAD_REDACTED");
    expect(await refused("jobs", { duplicateOf: id, payload: "{}" })).toBe("PAYLOAD_REDACTED");
    expect(await refused("jobs", { duplicateOf: id, name: "other" })).toBe("REQUEST_INVALID");
    expect(await refused("jobs", { duplicateOf: id, tags: [] })).toBe("PAYLOAD_REDACTED");
    expect(await refused("schedules/hourly/update", { payload: "{}" })).toBe("PAYLOAD_REDACTED");
    expect((await ask(`jobs/${id}/update`, { priority: 1 }, "eve")).status).toBe(200);
    expect((await ask("schedules/hourly/update", { every: "2h" }, "eve")).status).toBe(200);
    expect((await client.schedules.get("hourly"))?.job?.payload).toEqual(payload);
    const copy = await ask<EnqueueAnswer>("jobs", { duplicateOf: id }, "eve");
    const { payload: copied, tags } = (await client.jobs.get(copy.body.id)) ?? {};
    expect([copied, tags]).toEqual([payload, [`card:${card}`]]);
    await eventually("it is written down", async () => {
      const { entries } = await client.audit.list({ by: "eve" });
      return entries.length === 3;
    });
  });

  test("nor does what others searched for, or did to jobs that are gone, tell it", async () => {
    const client = await databases.client();
    const ask = askDashboard(client, { redact: redact.slice(0, 2) });
    const filters = [
      { tag: card },
      { tag: ["vip", card] },
      { uniqueKey: card },
      { waitingFor: card },
    ];
    for (const filter of filters) {
      await client.operations.start({ action: "cancel", filter, by: "admin@test" });
    }
    const { id } = await client.enqueue(pay, payload, { delay: "1h" });
    await client.jobs.update(id, { tags: [card], priority: 1, by: "admin@test" });
    await client.jobs.cancel(id, { why: `wrong card ${card}`, by: "admin@test" });
    await client.jobs.delete(id, { by: "admin@test" });
    for (const path of ["operations", "audit", `audit?target=job:${id}`]) {
      const { status, text } = await ask(path, undefined, "operator");
      expect(status, path).toBe(200);
      expect(text, path).not.toContain("4111");
      expect((await ask(path)).text, path).toContain("4111");
    }
    const { body } = await ask<AuditAnswer>(`audit?target=job:${id}`, undefined, "operator");
    expect(body.entries.map(({ details }) => details)).toEqual([
      {},
      { why: "[redacted]", answer: "cancelled" },
      { tags: "[redacted]", priority: 1 },
    ]);
  });

  test("the key of another job is in no refusal", async () => {
    const client = await databases.client();
    const ask = askDashboard(client, { redact });
    const first = await client.enqueue(pay, payload);
    await client.jobs.cancel(first.id);
    await client.enqueue(pay, payload);
    const { status, text } = await ask(`jobs/${first.id}/retry`, {}, "operator");
    expect([status, text.includes("4111"), text.includes("UNIQUE_CONFLICT")]).toEqual([
      409,
      false,
      true,
    ]);
  });
});
