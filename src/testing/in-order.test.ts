import { expect, test } from "vitest";
import type { ClaimRequest } from "../storage/contract/claim.ts";
import type { Storage } from "../storage/contract/storage.ts";
import { inOrder } from "./in-order.ts";

const request: ClaimRequest = {
  owner: "1",
  queues: [
    { queue: "mail", limit: 1 },
    { queue: "files", limit: 1 },
    { queue: "reports", limit: 1 },
  ],
  limit: 1,
  handlers: { send: 1 },
  floors: { mail: { 5: 17 } },
  now: 9,
};

const queues = [
  { queue: "files", limit: 1 },
  { queue: "mail", limit: 1 },
  { queue: "reports", limit: 1 },
];

const nothingElse = { nextTickAt: null, waiting: false, operating: false };

/** A storage that keeps what it was asked. */
function askedStorage(): { readonly storage: Storage; readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const answer = { jobs: [], floors: {} };
  const part: Partial<Storage> = {
    kind: "sqlite",
    claimJobs: async (given) => (asked.push(given), answer),
    settleAndClaim: async (_, given) => (asked.push(given), { settled: [], claimed: answer }),
    promoteJobs: async () => (
      asked.push("promote"),
      { rows: 1, more: false, queues: ["mail"], gates: [], nextDueAt: 1, ...nothingElse }
    ),
  };
  return { storage: part as Storage, asked };
}

test("claims go queue by queue in the order of their names, and from the start", async () => {
  const { storage, asked } = askedStorage();
  const ordered = inOrder(storage);
  await ordered.claimJobs(request);
  await ordered.settleAndClaim([], request);
  const expected = { ...request, queues, floors: {} };
  expect(asked).toEqual([expected, expected]);
  expect(request.queues[0]?.queue).toBe("mail");
});

test("the worker promotes nothing by itself; all else is the storage's own", async () => {
  const { storage, asked } = askedStorage();
  const ordered = inOrder(storage);
  await expect(ordered.promoteJobs(10, 1)).resolves.toEqual({
    rows: 0,
    more: false,
    gates: [],
    queues: [],
    nextDueAt: null,
    ...nothingElse,
  });
  expect(asked).toEqual([]);
  expect(ordered.kind).toBe("sqlite");
});
