import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HoldfastError } from "../../core/errors.ts";
import type { Topic } from "../wire/live.ts";
import { eventIdOf, type KnownVersions, versionsIn } from "./known-versions.ts";
import { createLiveHub, type LiveHubOptions } from "./live-hub.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  // Whatever a test did, its streams have ended, and with them everything that would run later.
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** A hub whose topics the test changes, and how often each was read. */
function open(options: Partial<LiveHubOptions> = {}) {
  const now: Partial<Record<Topic, unknown>> = {};
  const reads: Topic[] = [];
  const hub = createLiveHub({
    read: async (topic) => {
      reads.push(topic);
      return now[topic];
    },
    ...options,
  });
  return { hub, now, reads };
}

interface Given {
  readonly known?: KnownVersions;
  readonly slow?: boolean;
  readonly visitor?: string;
  readonly mayGoOn?: () => Promise<boolean>;
}

const always = async () => true;

/** One who watches, and has read what there was when `heard` is asked; one that is `slow` reads when told to. */
function watcher(
  { hub }: Pick<ReturnType<typeof open>, "hub">,
  topics: readonly Topic[],
  { known = new Map(), slow = false, visitor = "ada", mayGoOn = always }: Given = {},
) {
  const gone = new AbortController();
  const stream = hub.open({ visitor, topics, known, signal: gone.signal, mayGoOn });
  if (stream === undefined) throw new Error("The hub is full.");
  const reader = stream.getReader();
  let text = "";
  let ended = false;
  const readOn = async () => {
    const { value, done } = await reader.read();
    text += value === undefined ? "" : new TextDecoder().decode(value);
    ended = done;
  };
  const all = async () => {
    while (!ended) await readOn();
  };
  if (!slow) void all();
  return {
    readOn,
    text: () => text,
    changes: () => [...text.matchAll(/"topic":"([^"]+)"/g)].map(([, topic]) => topic),
    lastId: () => [...text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? "",
    hasEnded: () => ended,
    cancel: () => reader.cancel(),
    abort: () => gone.abort(),
  };
}

test("it greets at once, past what proxies gather, and then tells the version of each topic and every other one", async () => {
  const live = open();
  live.now.jobs = [1];
  const one = watcher(live, ["jobs", "queues"]);
  await pass(0);
  expect(one.text()).toMatch(
    /^: {2048}\n\nretry: 1000\nevent: hello\ndata: \{"everyMs":1000\}\n\n/,
  );
  expect(new Set(one.changes())).toEqual(new Set(["jobs", "queues"]));
  expect(one.changes()).toHaveLength(2);
  await pass(5_000);
  expect(one.changes()).toHaveLength(2);
  live.now.jobs = [2];
  await pass(1_000);
  expect(one.changes().slice(2)).toEqual(["jobs"]);
  const versions = [...one.text().matchAll(/"version":"([^"]+)"/g)].map(([, version]) => version);
  expect(new Set(versions).size).toBe(3);
  await one.cancel();
});

test("all who watch a topic share one reading, which ends with the last of them", async () => {
  const live = open();
  const one = watcher(live, ["jobs"]);
  const two = watcher(live, ["jobs"]);
  await pass(3_500);
  expect(live.reads).toHaveLength(4);
  await one.cancel();
  await pass(1_000);
  expect(live.reads).toHaveLength(5);
  two.abort();
  await pass(60_000);
  expect(live.reads).toHaveLength(5);
  expect(two.hasEnded()).toBe(true);
});

test("who comes back within the pause does not make it read sooner, and is told what is known", async () => {
  const live = open();
  await watcher(live, ["jobs"], { slow: true }).readOn();
  await pass(0);
  live.hub.close();
  await pass(400);
  const back = watcher(live, ["jobs"]);
  await pass(0);
  expect(back.changes()).toEqual(["jobs"]);
  expect(live.reads).toHaveLength(1);
  await pass(600);
  expect(live.reads).toHaveLength(2);
  back.abort();
});

test("a reading rests five times as long as it took, and none begins beside it", async () => {
  let reads = 0;
  const slow = open({
    read: async () => {
      reads += 1;
      await new Promise((resolve) => void setTimeout(resolve, 2_000));
    },
  });
  const one = watcher(slow, ["jobs"]);
  await pass(100);
  one.abort();
  const two = watcher(slow, ["jobs"]);
  await pass(11_800);
  expect(reads).toBe(1);
  await pass(200);
  expect(reads).toBe(2);
  two.abort();
  await pass(2_000);
});

test("a reader that does not read gets of each topic the newest version only", async () => {
  const live = open();
  const slow = watcher(live, ["jobs", "queues"], { slow: true });
  await slow.readOn();
  for (let round = 0; round < 50; round++) {
    live.now.jobs = round;
    await pass(1_000);
  }
  await slow.readOn();
  expect(slow.changes()).toHaveLength(2);
  expect(new Set(slow.changes())).toEqual(new Set(["jobs", "queues"]));
  expect(slow.text().match(/: beat/g)).toBeNull();
  const nothing = slow.readOn();
  await pass(3_000);
  expect(slow.changes()).toHaveLength(2);
  await slow.cancel();
  await nothing;
});

test("what changes and changes back before it was told is not told", async () => {
  const live = open();
  const slow = watcher(live, ["jobs"], { slow: true });
  await slow.readOn();
  await pass(0);
  await slow.readOn();
  live.now.jobs = "other";
  await pass(1_500);
  delete live.now.jobs;
  await pass(1_500);
  const nothing = slow.readOn();
  await pass(1_000);
  expect(slow.changes()).toHaveLength(1);
  await slow.cancel();
  await nothing;
});

test("after a reconnect only what differs is told", async () => {
  const live = open();
  const first = watcher(live, ["jobs", "queues"]);
  await pass(0);
  first.abort();
  live.now.queues = "paused";
  await pass(2_000);
  const known = versionsIn(first.lastId());
  expect(new Set(known.keys())).toEqual(new Set(["jobs", "queues"]));
  const again = watcher(live, ["jobs", "queues"], { known });
  await pass(0);
  expect(again.changes()).toEqual(["queues"]);
  expect(versionsIn(again.lastId()).get("jobs")).toBe(known.get("jobs"));
  again.abort();
});

test("versions are under a salt of each hub, so that what was read cannot be tried out", async () => {
  const ids = [];
  for (let at = 0; at < 2; at++) {
    const live = open();
    const one = watcher(live, ["jobs"]);
    await pass(0);
    ids.push(one.lastId());
    one.abort();
  }
  expect(ids[0]).toMatch(/^jobs=[\w-]{11}$/);
  expect(ids[0]).not.toBe(ids[1]);
});

test("it says every fifteen seconds that it lives, and ends after some minutes", async () => {
  const live = open({ lifeMs: 100_000 });
  const one = watcher(live, ["jobs"]);
  await pass(46_000);
  expect(one.text().match(/: beat\n\n/g)).toHaveLength(3);
  await pass(28_000);
  expect(one.hasEnded()).toBe(false);
  await pass(27_000);
  expect(one.hasEnded()).toBe(true);
});

test("a reading that fails is tried again ever more rarely, and what comes after is told", async () => {
  let reads = 0;
  let isDown = true;
  const live = open({
    read: async () => {
      reads += 1;
      if (isDown) throw new Error("down");
      return reads;
    },
  });
  const one = watcher(live, ["jobs"]);
  await pass(60_000);
  expect(reads).toBe(7);
  isDown = false;
  await pass(15_000);
  expect(one.changes().length).toBeGreaterThan(0);
  one.abort();
});

test("a closed client ends every stream", async () => {
  const closed = new HoldfastError("CLIENT_CLOSED", "It is closed.");
  const live = open({ read: () => Promise.reject(closed) });
  const both = [watcher(live, ["jobs"]), watcher(live, ["queues"])];
  await pass(0);
  expect(both.map((each) => each.hasEnded())).toEqual([true, true]);
});

test("there are only so many streams at once; one that nobody reads is none", async () => {
  const live = open({ places: { streams: 2, ofVisitor: { streams: 9, topics: 9 } } });
  const signal = new AbortController().signal;
  const unread = { visitor: "ada", topics: ["jobs"], known: new Map(), mayGoOn: always } as const;
  live.hub.open({ ...unread, signal });
  const both = [watcher(live, ["jobs"]), watcher(live, ["jobs"])];
  await pass(0);
  expect(() => watcher(live, ["jobs"])).toThrow("full");
  both[0]?.abort();
  both.push(watcher(live, ["jobs"]));
  await pass(0);
  for (const each of both) each.abort();
});

test("a visitor has only so many streams, and all others still get theirs", async () => {
  const live = open();
  const all = Array.from({ length: 20 }, () => watcher(live, ["jobs"]));
  await pass(0);
  expect(() => watcher(live, ["jobs"])).toThrow("full");
  all.push(watcher(live, ["jobs"], { visitor: "bob" }));
  all[0]?.abort();
  all.push(watcher(live, ["jobs"]));
  await pass(0);
  for (const each of all) each.abort();
});

test("a visitor watches only so many different topics, however many streams they are spread over", async () => {
  const live = open();
  const jobs = (from: number) => Array.from({ length: 16 }, (_, nth): Topic => `job:${from + nth}`);
  const all = [watcher(live, jobs(0)), watcher(live, jobs(16))];
  await pass(0);
  expect(() => watcher(live, jobs(32))).toThrow("full");
  all.push(watcher(live, jobs(32).slice(0, 8)));
  await pass(0);
  expect(() => watcher(live, ["jobs"])).toThrow("full");
  all.push(watcher(live, ["job:1"]), watcher(live, ["jobs"], { visitor: "bob" }));
  await pass(0);
  for (const each of all) each.abort();
});

test("those opened at one moment are no more either: the rest end as soon as they are read", async () => {
  const live = open();
  const all = Array.from({ length: 50 }, () => watcher(live, ["jobs"], { slow: true }));
  for (const each of all) {
    await each.readOn();
    void each.readOn();
  }
  await pass(0);
  expect(all.filter((each) => !each.hasEnded())).toHaveLength(20);
  for (const each of all) each.abort();
});

test("a stream ends within half a minute when its watcher may no more, or nobody can say whether they may", async () => {
  const live = open();
  let may = true;
  const staying = watcher(live, ["jobs"]);
  const others = [
    watcher(live, ["jobs"], { mayGoOn: async () => may }),
    watcher(live, ["jobs"], { mayGoOn: () => (may ? always() : Promise.reject(new Error())) }),
  ];
  const unanswered = watcher(live, ["jobs"], {
    mayGoOn: () => (may ? always() : new Promise(() => {})),
  });
  await pass(61_000);
  expect([staying, unanswered, ...others].map((each) => each.hasEnded())).not.toContain(true);
  may = false;
  await pass(30_000);
  expect(others.map((each) => each.hasEnded())).toEqual([true, true]);
  await pass(30_000);
  expect(unanswered.hasEnded()).toBe(true);
  expect(staying.hasEnded()).toBe(false);
  staying.abort();
});

test("one who is gone already is not waited for", async () => {
  const live = open();
  const gone = watcher(live, ["jobs"], { slow: true });
  gone.abort();
  await gone.readOn();
  await gone.readOn();
  expect(gone.hasEnded()).toBe(true);
});

test("ids are read as they are written, and of nonsense nothing is known", () => {
  const known = new Map<Topic, string>([
    ["jobs", "Kx3v9TqLw0E"],
    ["job:12", "u5Hq0aPzR7c"],
  ]);
  expect(versionsIn(eventIdOf(known))).toEqual(known);
  for (const id of [
    "",
    "jobs",
    "jobs=",
    "cats=abc",
    "jobs=<b>",
    "job:x=abc",
    "jobs=a,".repeat(400),
  ]) {
    expect(versionsIn(id).size, id).toBe(0);
  }
});
