import type { Backlog } from "./backlog.ts";
import type { Database } from "./database.ts";
import type { Station } from "./station.ts";

/** Callers that insert a new job for every one that was settled, so that the number in the system stays the same. */
export function createProducers(
  database: Database,
  backlog: Backlog,
  connections: Station,
  perInsert: number,
): { replace(jobs: number): void } {
  let owed = 0;
  return {
    replace(jobs) {
      owed += jobs;
      while (owed >= perInsert) {
        owed -= perInsert;
        connections.acquire(() => {
          database.insert(perInsert, () => {
            connections.release();
            backlog.add(perInsert);
          });
        });
      }
    },
  };
}
