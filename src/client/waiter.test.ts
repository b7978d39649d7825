import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { HoldfastError } from "../core/errors.ts";
import type { JobEnd } from "../storage/contract/inspect.ts";
import { createWaiter, type Waiter } from "./waiter.ts";

const finished = new Map<string, JobEnd>();
const missing = new Set<string>();
let lookups: (readonly string[])[];
let failure: Error | undefined;
let waiter: Waiter;

async function findEnds(ids: readonly string[]) {
  lookups.push(ids);
  if (failure !== undefined) throw failure;
  return {
    ends: ids.map((id) => finished.get(id)).filter((end) => end !== undefined),
    missing: ids.filter((id) => missing.has(id)),
  };
}

function finish(id: string): JobEnd {
  const end: JobEnd = { id, state: "completed", result: null, reason: null };
  finished.set(id, end);
  return end;
}

beforeEach(() => {
  vi.useFakeTimers();
  finished.clear();
  missing.clear();
  lookups = [];
  failure = undefined;
  waiter = createWaiter({ findEnds });
});

afterEach(() => {
  expect(vi.getTimerCount(), "no timer is left when nobody waits").toBe(0);
  vi.useRealTimers();
});

describe("a waiter", () => {
  test("finds a job that has finished already with one look", async () => {
    const end = finish("1");
    const wait = waiter.wait("1", 1_000);
    await vi.advanceTimersByTimeAsync(1);
    await expect(wait).resolves.toEqual(end);
    expect(lookups).toEqual([["1"]]);
  });

  test("gives the ends of many jobs in the order asked for, whichever finished first", async () => {
    const wait = waiter.waitAll(["2", "1", "2"], 9_000, ({ id }) => `end of ${id}`);
    finish("1");
    await vi.advanceTimersByTimeAsync(1);
    finish("2");
    await vi.advanceTimersByTimeAsync(250);
    await expect(wait).resolves.toEqual(["end of 2", "end of 1", "end of 2"]);
    expect(lookups).toEqual([["2", "1"], ["2"]]);
  });

  test("for many jobs gives up at the first that cannot be read, and waits for none of the others", async () => {
    const wait = waiter.waitAll(["1", "2"], 9_000, () => {
      throw new Error("not that one");
    });
    const refused = expect(wait).rejects.toThrow("not that one");
    finish("1");
    await vi.advanceTimersByTimeAsync(1);
    await refused;
    await vi.advanceTimersByTimeAsync(500);
    expect(lookups).toHaveLength(1);
  });

  test("for many jobs names the first that has not finished in time", async () => {
    finish("1");
    const wait = waiter.waitAll(["1", "2", "3"], 80, ({ id }) => id);
    const refused = expect(wait).rejects.toThrow(coded("WAIT_TIMEOUT", "Job 2"));
    await vi.advanceTimersByTimeAsync(81);
    await refused;
  });

  test("asks for everyone who waits in one query a round", async () => {
    const ids = Array.from({ length: 500 }, (_, index) => String(index + 1));
    const waits = ids.flatMap((id) => [waiter.wait(id, 9_000), waiter.wait(id, 9_000)]);
    await vi.advanceTimersByTimeAsync(1);
    expect(lookups).toEqual([ids]);
    for (const id of ids) finish(id);
    await vi.advanceTimersByTimeAsync(250);
    expect(await Promise.all(waits)).toHaveLength(1_000);
    expect(lookups).toHaveLength(2);
  });

  test("asks for at most 1,000 jobs at a time", async () => {
    const waits = Array.from({ length: 2_500 }, (_, index) => {
      finish(String(index + 1));
      return waiter.wait(String(index + 1), 9_000);
    });
    await vi.advanceTimersByTimeAsync(1);
    await Promise.all(waits);
    expect(lookups.map((ids) => ids.length)).toEqual([1_000, 1_000, 500]);
  });

  test("looks often at first and every 250 ms in the long run", async () => {
    const wait = waiter.wait("1", 60_000);
    await vi.advanceTimersByTimeAsync(100);
    expect(lookups.length).toBeGreaterThanOrEqual(4);
    await vi.advanceTimersByTimeAsync(1_900);
    const before = lookups.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(lookups.length - before).toBe(40);
    finish("1");
    await vi.advanceTimersByTimeAsync(250);
    await wait;
  });

  test("keeps rounds apart under a stream of newcomers", async () => {
    const waits: Promise<unknown>[] = [];
    for (let id = 1; id <= 200; id += 1) {
      waits.push(waiter.wait(String(id), 9_000));
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(lookups.length).toBeLessThanOrEqual(21);
    for (let id = 1; id <= 200; id += 1) finish(String(id));
    await vi.advanceTimersByTimeAsync(300);
    await Promise.all(waits);
  });

  test("looks at once when poked, and only for those somebody waits for", async () => {
    const wait = waiter.wait("1", 9_000);
    await vi.advanceTimersByTimeAsync(3_000);
    lookups = [];
    waiter.poke(["7", "8"]);
    finish("1");
    waiter.poke(["1"]);
    await vi.advanceTimersByTimeAsync(1);
    await expect(wait).resolves.toMatchObject({ id: "1" });
    expect(lookups).toEqual([["1"]]);
  });

  test("remembers a poke that arrives during a look", async () => {
    let release = () => {};
    const slow = createWaiter({
      async findEnds(ids) {
        const answer = await findEnds(ids);
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return answer;
      },
    });
    const wait = slow.wait("1", 9_000);
    await vi.advanceTimersByTimeAsync(1);
    finish("1");
    slow.poke(["1"]);
    release();
    await vi.advanceTimersByTimeAsync(10);
    release();
    await vi.advanceTimersByTimeAsync(0);
    await expect(wait).resolves.toMatchObject({ id: "1" });
    expect(lookups).toHaveLength(2);
  });

  test("gives up at the timeout, also while a look hangs", async () => {
    const hanging = createWaiter({ findEnds: () => new Promise(() => {}) });
    const wait = hanging.wait("1", 500);
    const heard = expect(wait).rejects.toThrow(coded("WAIT_TIMEOUT", "within 500ms"));
    await vi.advanceTimersByTimeAsync(500);
    await heard;
  });

  test("stops looking when the last caller has given up", async () => {
    const heard = expect(waiter.wait("1", 400)).rejects.toThrow(coded("WAIT_TIMEOUT"));
    await vi.advanceTimersByTimeAsync(400);
    await heard;
    expect(vi.getTimerCount()).toBe(0);
    const before = lookups.length;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(lookups).toHaveLength(before);
  });

  test("waits for months when told to", async () => {
    const heard = expect(waiter.wait("1", 90 * 86_400_000)).rejects.toThrow(coded("CLIENT_CLOSED"));
    await vi.advanceTimersByTimeAsync(1_000);
    waiter.close();
    await heard;
  });

  test("one caller's timeout leaves the others waiting", async () => {
    const short = expect(waiter.wait("1", 100)).rejects.toThrow(coded("WAIT_TIMEOUT"));
    const long = waiter.wait("1", 9_000);
    await vi.advanceTimersByTimeAsync(100);
    await short;
    finish("1");
    await vi.advanceTimersByTimeAsync(250);
    await expect(long).resolves.toMatchObject({ id: "1" });
  });

  test("a job that does not exist is JOB_NOT_FOUND for its callers only", async () => {
    missing.add("2");
    const gone = expect(waiter.wait("2", 9_000)).rejects.toThrow(coded("JOB_NOT_FOUND"));
    const there = waiter.wait("1", 9_000);
    finish("1");
    await vi.advanceTimersByTimeAsync(1);
    await gone;
    await there;
  });

  test("an outage is waited out", async () => {
    failure = new HoldfastError("STORAGE_UNAVAILABLE", "away");
    const wait = waiter.wait("1", 9_000);
    await vi.advanceTimersByTimeAsync(2_000);
    failure = undefined;
    finish("1");
    await vi.advanceTimersByTimeAsync(250);
    await expect(wait).resolves.toMatchObject({ id: "1" });
  });

  test("what no later look would mend is told at once", async () => {
    failure = new HoldfastError("STORAGE_FAILED", "broken");
    const heard = expect(waiter.wait("1", 9_000)).rejects.toThrow(coded("STORAGE_FAILED"));
    await vi.advanceTimersByTimeAsync(1);
    await heard;
  });

  test("close tells everyone CLIENT_CLOSED", async () => {
    const calls = ["1", "1", "2"].map((id) =>
      expect(waiter.wait(id, 9_000)).rejects.toThrow(coded("CLIENT_CLOSED")),
    );
    waiter.close();
    await Promise.all(calls);
  });
});
