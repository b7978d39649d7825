import { expect, test } from "vitest";
import { claimedJob } from "../../test/support/claimed-job.ts";
import type { CappedAnswer, CappedRequest } from "../storage/contract/claim.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createCappedQueues } from "./capped-queues.ts";
import { createFloorKeeper } from "./claim-floors.ts";

const order = { queue: "mail", concurrency: null, maxRunning: 7, backoff: null };
const servers = ["3", "5", "8"].map((worker) => ({ queue: "mail", worker, slots: 10 }));
const nothing: CappedAnswer = { jobs: [], floors: {}, room: 0, own: 0, busy: false };

/** A worker's capped queues on a storage that gives these answers in turn, and what it was asked. */
function open(owner: string, ...answers: readonly Partial<CappedAnswer>[]) {
  const asked: CappedRequest[] = [];
  const capped = createCappedQueues({
    clock: createManualClock(),
    owner,
    storage: {
      async claimCapped(request) {
        asked.push(request);
        return { ...nothing, ...answers[asked.length - 1] };
      },
    },
  });
  const handlers = { work: 1 };
  const claim = (limit = 10) =>
    capped.claim({ queue: "mail", limit, handlers, floors: createFloorKeeper() });
  return { capped, asked, claim };
}

test("each worker asks for its part: the lowest id for what does not divide", async () => {
  for (const [owner, part] of [
    ["3", 3],
    ["5", 2],
    ["8", 2],
  ] as const) {
    const { capped, asked, claim } = open(owner);
    capped.follow({ queues: [order], servers });
    await claim();
    expect(asked[0]).toMatchObject({ owner, queue: "mail", limit: 10, part });
  }
});

test("a worker not yet listed counts itself, and an ordered concurrency holds for all", async () => {
  const { capped, asked, claim } = open("9");
  capped.follow({ queues: [order], servers });
  await claim();
  expect(asked[0]?.part).toBe(1);
  capped.follow({ queues: [{ ...order, concurrency: 1 }], servers: [] });
  await claim();
  expect(asked[1]?.part).toBe(1);
  expect(capped.shared()).toBe(false);
});

test("what others have no places for is left to the rest, and older code has no part at all", async () => {
  const { capped, asked, claim } = open("3");
  const [, five, eight] = servers;
  if (five === undefined || eight === undefined) throw new Error("no servers");
  capped.follow({
    queues: [order],
    servers: [
      { ...five, slots: 1 },
      { ...eight, slots: null },
    ],
  });
  await claim();
  expect(asked[0]?.part).toBe(6);
});

test("a queue is claimed from apart while it has a maxRunning, and no longer", async () => {
  const { capped, asked, claim } = open("3");
  expect(capped.has("mail")).toBe(false);
  capped.follow({ queues: [order], servers });
  expect([capped.has("mail"), capped.has("other"), capped.shared()]).toEqual([true, false, true]);
  capped.follow({ queues: [{ ...order, maxRunning: null }], servers: [] });
  expect(capped.has("mail")).toBe(false);
  expect(await claim()).toEqual({ jobs: [], next: "none" });
  expect(asked).toEqual([]);
});

const jobs = (count: number) => Array.from({ length: count }, () => claimedJob());

test.each([
  ["busy", "somebody else was at it", { busy: true }],
  ["more", "every place asked for was filled", { jobs: jobs(2), own: 2, room: 5 }],
  ["none", "fewer were there than it might take", { jobs: jobs(1), own: 1, room: 6 }],
  ["refused", "its part is reached", { jobs: jobs(1), own: 3, room: 4 }],
  ["refused", "all that may run do", { jobs: [], own: 0, room: 0 }],
])("the next look is %s when %s", async (next, _, answer) => {
  const { capped, claim } = open("3", answer);
  capped.follow({ queues: [order], servers });
  expect((await claim(2)).next).toBe(next);
});
