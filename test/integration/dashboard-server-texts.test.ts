import { defineJob, type Storage } from "holdfast";
import { expect, test } from "vitest";
import type { HealthAnswer } from "../../src/dashboard/wire/health.ts";
import type { OperationRow } from "../../src/dashboard/wire/operations.ts";
import type { SchedulesAnswer } from "../../src/dashboard/wire/schedules.ts";
import { askDashboard } from "../support/ask-dashboard.ts";
import { overriddenStorage } from "../support/overridden.ts";
import { plan, record } from "../support/schedule-record.ts";
import { describeSqliteFiles } from "./client-databases.ts";

const redact = [{ path: "payload.card", visibleTo: ["admin"] }] as const;
const card = "41111111111111119999";

const failure = { code: "STORAGE_FAILED", message: `no "${card}" here`, at: 1, tries: 2 };
const digest = record(
  { name: "digest", failure, nextAt: 1, dueAt: 1 },
  { job: { ...plan().job, payload: `{"card":${card}}`, tags: [`card:${card}`] } },
);
const unreadable = { ...digest, name: "unreadable", plan: "{" };
const pass = { ranAt: 1, tookMs: 1, rows: 0, runs: 1, total: 0, error: `invalid json: ${card}` };

/** Workers and schedules that something went wrong with. */
function failing(storage: Storage): Storage {
  return overriddenStorage(storage, {
    async listWorkers() {
      const report = { lagMs: 0, rssBytes: 0, heapBytes: 0, running: 0, places: 1, jobs: [] };
      const worker = { id: "1", host: "h", pid: 1, version: "1", bootId: "b", queues: ["default"] };
      const state = { slots: {}, handlers: [], versions: {}, state: "running" } as const;
      const times = { leaseMs: 30_000, startedAt: 1, beat: "", lastBeatMs: 1, drainedBy: null };
      return [{ ...worker, ...state, ...times, report: { ...report, passes: { prune: pass } } }];
    },
    listSchedules: async () => ({ schedules: [digest, unreadable], groups: [] }),
    getSchedule: async (name) => (name === "digest" ? digest : unreadable),
  });
}

describeSqliteFiles((databases) => {
  test("errors of maintenance and of schedules tell nothing that is hidden", async () => {
    const [client] = await databases.onStorage(failing);
    const ask = askDashboard(client, { redact });
    const paths = ["health", "workers", "overview"];
    for (const path of [...paths, "schedules", "schedules/digest", "schedules/unreadable"]) {
      const { status, text } = await ask(path, undefined, "viewer");
      expect([status, text.includes(card)], `${path}: ${text}`).toEqual([200, false]);
    }
    const { body } = await ask<HealthAnswer>("health", undefined, "viewer");
    expect(body.passes.map(({ error }) => error)).toEqual(["[redacted]"]);
    const { body: list } = await ask<SchedulesAnswer>("schedules", undefined, "viewer");
    const messages = list.schedules.map((each) => each.failure?.message);
    expect(messages).toEqual(['no "[redacted]" here', "[redacted]"]);
    expect(list.schedules[0]?.job?.tags).toEqual(["card:[redacted]"]);
    for (const path of ["health", "workers", "schedules"]) {
      expect((await ask(path)).text, path).toContain(card);
    }
  });

  test("what a schedule is refused with tells nothing that is hidden", async () => {
    const client = await databases.client();
    const ask = askDashboard(client, { redact });
    const key = (payload: { readonly card: string }) => payload.card;
    const pay = defineJob<{ card: string }>({ name: "pay", unique: { key, onConflict: "error" } });
    await client.enqueue(pay, { card });
    await client.schedules.upsert({ name: "hourly", every: "1h", job: pay, payload: { card } });
    const refused = await ask("schedules/hourly/run-now", {}, "operator");
    expect(refused).toMatchObject({ status: 409, body: { code: "UNIQUE_CONFLICT" } });
    expect(refused.text).not.toContain(card);
    expect((await ask("schedules/hourly/run-now", {})).text).toContain(card);
  });

  test("who began an operation and why is for those who may see the audit, and hidden where values are", async () => {
    const client = await databases.client();
    const asked = { action: "cancel", q: "queue:none", why: `card ${card}` };
    const open = askDashboard(client);
    const hiding = askDashboard(client, { redact });
    const { id } = (await open<OperationRow>("operations", asked)).body;
    const seen = async (ask: typeof open, role: string) => {
      const { body } = await ask<OperationRow>(`operations/${id}`, undefined, role);
      const { text } = await ask("operations", undefined, role);
      return [body.by, body.why, text.includes("admin@test"), text.includes(card)];
    };
    expect(await seen(open, "viewer")).toEqual([null, null, false, false]);
    expect(await seen(open, "operator")).toEqual(["admin@test", `card ${card}`, true, true]);
    expect(await seen(hiding, "operator")).toEqual(["admin@test", "[redacted]", true, false]);
    expect(await seen(hiding, "admin")).toEqual(["admin@test", `card ${card}`, true, true]);
    const audit = await hiding("audit", undefined, "operator");
    expect(audit.text).toContain('"why":"[redacted]"');
    expect((await hiding("audit")).text).toContain(card);
  });
});
