import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { recordingLogger } from "../../../test/support/recording-logger.ts";
import type { Client } from "../../core/client.ts";
import type { Caller } from "../../http/caller.ts";
import type { GrantOrNone } from "../access/authorize.ts";
import { createGatekeeper } from "../access/gatekeeper.ts";
import { createApi } from "../api.ts";
import { problemOf } from "../problem-of.ts";
import { createReadings } from "../readings.ts";
import { createRedactors } from "../redact/create-redactor.ts";
import { liveRoutes } from "./events.ts";
import { createLiveHub } from "./live-hub.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** The events of a dashboard whose authorize the test changes. */
function open(first: GrantOrNone) {
  let grant = first;
  const logger = recordingLogger();
  const client = { scoped: () => client } as unknown as Client;
  const live = createLiveHub({ read: async () => null });
  const site = { basePath: "", environment: null, database: "sqlite", version: "1" } as const;
  const api = createApi({
    gatekeeper: createGatekeeper(() => grant, "dashboard"),
    origins: [],
    redactorFor: createRedactors(undefined),
    routes: liveRoutes,
    site: { ...site, client, readings: createReadings(client), live, readOnly: false, logger },
  }).onError((error) => problemOf(error, logger));

  async function watch(topics: string, caller: Caller = {}) {
    const gone = new AbortController();
    const url = `http://localhost/api/events?watch=${topics}`;
    const answer = await api.fetch(new Request(url, { signal: gone.signal }), { caller });
    let ended = false;
    if (answer.status === 200) void answer.text().then(() => (ended = true));
    await vi.advanceTimersByTimeAsync(0);
    return { answer, hasEnded: () => ended, leave: () => gone.abort() };
  }
  return { watch, become: (next: GrantOrNone) => (grant = next), close: () => live.close() };
}

const halfAMinute = () => vi.advanceTimersByTimeAsync(30_000);

test.each<[string, GrantOrNone, string, GrantOrNone]>([
  ["is signed out", "viewer", "jobs", undefined],
  ["may read no more", { permissions: ["read"] }, "jobs", { permissions: ["jobs:retry"] }],
  ["may not see the audit any more", "operator", "jobs,audit", "viewer"],
  ["is somebody else", { role: "viewer", actor: "a" }, "jobs", { role: "viewer", actor: "b" }],
  ["is granted what makes no sense", "viewer", "jobs", "root" as never],
])("a stream ends within half a minute when its watcher %s", async (_how, at, topics, then) => {
  const { watch, become } = open(at);
  const watcher = await watch(topics);
  await halfAMinute();
  expect(watcher.hasEnded()).toBe(false);
  become(then);
  await halfAMinute();
  expect(watcher.hasEnded()).toBe(true);
});

test("a stream goes on while its watcher may see what is told by it, whatever else they lose", async () => {
  const { watch, become, close } = open("admin");
  const watcher = await watch("jobs");
  become(["read"]);
  await halfAMinute();
  await halfAMinute();
  expect(watcher.hasEnded()).toBe(false);
  close();
});

test("one visitor gets 503 when they have their streams, and everybody else theirs", async () => {
  const { watch, become, close } = open("viewer");
  const from = (remoteAddress: string) => watch("jobs", { remoteAddress });
  for (let at = 0; at < 20; at++) expect((await from("10.0.0.1")).answer.status).toBe(200);
  const { answer } = await from("10.0.0.1");
  expect(answer.headers.get("retry-after")).toBe("30");
  expect(await answer.json()).toMatchObject({ status: 503, code: "NOT_READY" });
  expect((await from("10.0.0.2")).answer.status).toBe(200);
  become({ role: "viewer", actor: "ada" });
  expect((await from("10.0.0.1")).answer.status).toBe(200);
  close();
  await vi.advanceTimersByTimeAsync(5_000);
});
