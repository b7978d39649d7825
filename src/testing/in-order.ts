import type { ClaimRequest } from "../storage/contract/claim.ts";
import type { Storage } from "../storage/contract/storage.ts";

const emptyAgenda = { nextDueAt: null, nextTickAt: null, waiting: false, operating: false };

type Ordering = Pick<Storage, "claimJobs" | "settleAndClaim" | "promoteJobs" | "findDueSchedules">;

/**
 * The same storage for a worker whose jobs are to start in one order whatever the timing: queues by their names instead of in
 * turns, every claim from the start, and due jobs promoted and ticks fired by whoever drains instead of by the worker as well.
 */
export function inOrder(storage: Storage): Storage {
  const ordering: Ordering = {
    claimJobs: (request) => storage.claimJobs(ordered(request)),
    settleAndClaim: (settlements, request) => storage.settleAndClaim(settlements, ordered(request)),
    promoteJobs: async () => ({ rows: 0, more: false, queues: [], gates: [], ...emptyAgenda }),
    findDueSchedules: async () => ({ due: [], nextDueAt: null }),
  };
  return Object.assign(Object.create(storage) as Storage, ordering);
}

function ordered(request: ClaimRequest): ClaimRequest {
  const queues = request.queues.toSorted((a, b) => (a.queue < b.queue ? -1 : 1));
  return { ...request, queues, floors: {} };
}
