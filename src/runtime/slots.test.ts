import { describe, expect, test } from "vitest";
import { createAbort } from "./abort.ts";
import { createSlots, type Occupant } from "./slots.ts";

function occupant(queue: string, id = "1"): Occupant {
  return {
    lease: { id, owner: "7", run: 1 },
    queue,
    abort: createAbort(),
    ending: { written: false },
  };
}

const twoQueues = new Map([
  ["a", 2],
  ["b", 3],
]);

describe("capacity", () => {
  test("is what is free in each queue and in all", () => {
    const slots = createSlots(4, twoQueues);
    slots.take(occupant("a"));
    const { limit, queues } = slots.capacity();
    expect(limit).toBe(3);
    expect(new Map(queues.map((each) => [each.queue, each.limit]))).toEqual(
      new Map([
        ["a", 1],
        ["b", 3],
      ]),
    );
  });

  test("leaves out queues that are full", () => {
    const slots = createSlots(10, twoQueues);
    slots.take(occupant("a"));
    slots.take(occupant("a"));
    expect(slots.capacity().queues).toEqual([{ queue: "b", limit: 3 }]);
  });

  test("lets the queues take turns at coming first", () => {
    const slots = createSlots(4, twoQueues);
    const first = Array.from({ length: 4 }, () => slots.capacity().queues[0]?.queue);
    expect(first).toEqual(["b", "a", "b", "a"]);
  });
});

describe("a slot", () => {
  test("has an index of its own below the concurrency, given to another once it is free", () => {
    const slots = createSlots(2, twoQueues);
    const first = slots.take(occupant("a"));
    const second = slots.take(occupant("b"));
    expect(new Set([first.index, second.index])).toEqual(new Set([0, 1]));
    first.free();
    expect(slots.take(occupant("b")).index).toBe(first.index);
  });

  test("is freed once however often it is asked to", () => {
    const slots = createSlots(2, twoQueues);
    const gone = slots.take(occupant("a", "1"));
    gone.free();
    const next = slots.take(occupant("a", "2"));
    gone.free();
    expect(slots.running()).toEqual([next]);
    expect(slots.capacity().limit).toBe(1);
  });
});

describe("the queues served", () => {
  test("may change: jobs of one that is gone run on, and count when it comes back", () => {
    const slots = createSlots(4, new Map([["a", 2]]));
    const first = slots.take(occupant("a", "1"));
    slots.serve(new Map([["b", 3]]));
    expect(slots.serves("a")).toBe(false);
    expect(slots.capacity().queues).toEqual([{ queue: "b", limit: 3 }]);
    slots.take(occupant("a", "2"));
    slots.serve(new Map([["a", 2]]));
    expect(slots.capacity()).toEqual({ limit: 2, queues: [] });
    first.free();
    expect(slots.capacity()).toEqual({ limit: 3, queues: [{ queue: "a", limit: 1 }] });
  });

  test("that a job of one served by nobody takes and leaves a place gives none away", () => {
    const slots = createSlots(4, new Map());
    const stray = slots.take(occupant("a", "1"));
    slots.serve(new Map([["a", 1]]));
    expect(slots.capacity().queues).toEqual([]);
    stray.free();
    expect(slots.capacity().queues).toEqual([{ queue: "a", limit: 1 }]);
  });

  test("a batch of a queue that is gone keeps its place among the others", () => {
    const slots = createSlots(2, new Map([["b", 2]]));
    slots.take(occupant("a", "1"));
    const wanted = slots.want("a");
    expect(wanted.room({})).toEqual({ limit: 1, queues: [{ queue: "b", limit: 2 }] });
    expect(slots.capacity().limit).toBe(0);
  });
});

describe("idle", () => {
  test("resolves at once when nothing runs, else when the last job ends", async () => {
    const slots = createSlots(3, twoQueues);
    await slots.idle();
    const taken = [slots.take(occupant("a")), slots.take(occupant("b"))];
    let idle = false;
    const waiting = slots.idle().then(() => (idle = true));
    taken[0]?.free();
    await new Promise(setImmediate);
    expect(idle).toBe(false);
    taken[1]?.free();
    await waiting;
  });
});

describe("a batch", () => {
  test("takes one place of its queue, whatever the number of its jobs, and all of them run", () => {
    const slots = createSlots(4, twoQueues);
    const jobs = [occupant("a", "1"), occupant("a", "2"), occupant("a", "3")];
    const batch = slots.takeBatch("a", jobs);
    const single = slots.take(occupant("b", "4"));
    expect(slots.running()).toEqual([...jobs, single]);
    expect(slots.capacity().limit).toBe(2);
    expect(slots.capacity().queues).toContainEqual({ queue: "a", limit: 1 });
    batch.free();
    batch.free();
    expect(slots.running()).toEqual([single]);
    expect(slots.capacity().limit).toBe(3);
  });

  test("is kept a place from the moment it wants one", () => {
    const slots = createSlots(2, twoQueues);
    const first = slots.take(occupant("a"));
    slots.take(occupant("a"));
    const wanted = slots.want("b");
    expect(wanted.room({}).limit).toBe(0);
    first.free();
    expect(slots.capacity().limit).toBe(0);
    expect(slots.capacity().queues).toContainEqual({ queue: "b", limit: 2 });
    const { limit, queues } = wanted.room({});
    expect(limit).toBe(1);
    expect(queues).toContainEqual({ queue: "b", limit: 3 });
    wanted.free();
    expect(slots.capacity().limit).toBe(1);
  });

  test("that asked first comes first, and jobs about to begin come before both", () => {
    const slots = createSlots(2, twoQueues);
    const [first, second] = [slots.want("a"), slots.want("b")];
    expect([first.room({}).limit, second.room({}).limit]).toEqual([2, 1]);
    const beginning = ["a"];
    expect([first.room({ beginning }).limit, second.room({ beginning }).limit]).toEqual([1, 0]);
    first.free();
    expect(second.room({ beginning }).limit).toBe(1);
  });

  test("whose queue is full keeps nobody out of the others", () => {
    const slots = createSlots(3, twoQueues);
    slots.take(occupant("a"));
    slots.take(occupant("a"));
    const wanted = slots.want("a");
    expect(slots.capacity()).toEqual({ limit: 1, queues: [{ queue: "b", limit: 3 }] });
    expect(wanted.room({}).queues).toEqual([{ queue: "b", limit: 3 }]);
  });

  test("whoever waits for places is told when one is wanted no more", () => {
    const slots = createSlots(1, twoQueues);
    let told = 0;
    slots.onFreed(() => void (told += 1));
    slots.want("a").free();
    expect(told).toBe(1);
  });
});
