import type { Gate } from "../../../src/core/gate.ts";
import type { Place } from "./place.ts";

/** A job that is let in, or a permit of one, as they stand in one moment. */
interface SnapshotRow {
  readonly what: "job" | "permit";
  readonly job: string;
  /** The job's gates as JSON, or the permit's gate. */
  readonly text: string;
  readonly weight: number;
}

/** What a gate may hold at once. */
export type Most = (gate: string) => number;

/**
 * Looks at one moment of the database, and says what is wrong in it: a gate that holds more than it may, by the jobs' own words
 * and not by their permits; a job let in without one of its permits, or with another's; two unfinished jobs of one key.
 */
export async function faultsNow(place: Place, most: Most): Promise<readonly string[]> {
  const { query, table } = place;
  const rows = await query<SnapshotRow>(`
    SELECT 'job' AS what, CAST(id AS text) AS job, CAST(gates AS text) AS text, 0 AS weight
    FROM ${table("live")} WHERE gates IS NOT NULL
    UNION ALL
    SELECT 'permit', CAST(job AS text), key, weight FROM ${table("keylock")} AS permit
    WHERE EXISTS (SELECT 1 FROM ${table("live")} AS live WHERE live.id = permit.job)`);
  const twins = await query<{ readonly unique_key: string }>(`
    SELECT unique_key FROM ${table("jobs")}
    WHERE unique_key IS NOT NULL AND state NOT IN ('completed', 'cancelled', 'discarded')
    GROUP BY name, unique_key HAVING count(*) > 1`);
  return [
    ...overfull(jobsIn(rows), most),
    ...wrongPermits(rows),
    ...twins.map(({ unique_key }) => `key ${unique_key} has several unfinished jobs`),
  ];
}

interface LetIn {
  readonly job: string;
  readonly gates: readonly Gate[];
}

function jobsIn(rows: readonly SnapshotRow[]): readonly LetIn[] {
  return rows
    .filter(({ what }) => what === "job")
    .map(({ job, text }) => ({ job, gates: JSON.parse(text) as Gate[] }));
}

function overfull(jobs: readonly LetIn[], most: Most): readonly string[] {
  const held = new Map<string, number>();
  for (const { gate, weight } of jobs.flatMap(({ gates }) => gates)) {
    held.set(gate, (held.get(gate) ?? 0) + Math.min(weight, most(gate)));
  }
  return [...held]
    .filter(([gate, weight]) => weight > most(gate))
    .map(([gate, weight]) => `${gate} holds ${weight} of ${most(gate)}`);
}

function wrongPermits(rows: readonly SnapshotRow[]): readonly string[] {
  const wanted = new Set(
    jobsIn(rows).flatMap(({ job, gates }) =>
      gates.map(({ gate, weight }) => `${job} ${gate} ${weight}`),
    ),
  );
  const permits = new Set(
    rows.flatMap(({ what, job, text, weight }) =>
      what === "permit" ? `${job} ${text} ${weight}` : [],
    ),
  );
  return [
    ...[...wanted].filter((one) => !permits.has(one)).map((one) => `no permit: ${one}`),
    ...[...permits].filter((one) => !wanted.has(one)).map((one) => `a permit too many: ${one}`),
  ];
}
