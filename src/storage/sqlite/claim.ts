import type { ClaimStore } from "../contract/claim.ts";
import type { Connection } from "./connection.ts";
import { takeCapped, takeJobs } from "./engine/take-jobs.ts";
import { fence } from "./rows.ts";

/** Takes jobs exclusively. Floors are left alone: the ready index has no dead entries to step over. */
export function createClaimStore(connection: Connection): ClaimStore {
  return {
    // An idle worker does not take the writer: it reads, and writes only when there is a job.
    async claimJobs(request) {
      const jobs = await connection.writeIfNeeded((session) => takeJobs(session, request));
      return { jobs, floors: {} };
    },
    claimCapped: (request) => connection.writeIfNeeded((session) => takeCapped(session, request)),
    startJobs: (leases) =>
      connection.write((session) =>
        leases.filter((lease) => session.run(startJob, fence(lease)) === 0),
      ),
  };
}

/** Index: the primary key. Locks: the one writer of the file. Races: a settlement or rescue before it, which the fence sees. */
const startJob =
  "UPDATE holdfast_live SET started = 1 WHERE id = $id AND owner = $owner AND run = $run";
