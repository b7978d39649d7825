import type { Job } from "holdfast";
import { heavyGated } from "./jobs.mjs";

/** One run of a job, as the database remembers it. */
export interface Run {
  readonly job: string;
  readonly run: number;
  readonly began: number;
  readonly ended: number;
  readonly weight: number;
}

/** How far the clocks of the processes may be apart that wrote the times of two runs. */
const clockMs = 15;

/**
 * Of a run that crashed only its claim is known, by the time at which it was asked for: the answer may have waited for others, the
 * last of the same lane among them. It lasted until the rescue, so it is there to be seen all the same.
 */
const claimWaitMs = 250;

/** The runs of every job by the gates it went through, told from its payload: finished jobs keep no gates. */
export function runsByGate(jobs: readonly Job[]): ReadonlyMap<string, readonly Run[]> {
  const byGate = new Map<string, Run[]>();
  for (const job of jobs) {
    for (const [gate, weight] of gatesOf(job)) {
      const runs = job.attempts.map(({ run, began, ended, how }) => ({
        job: job.id,
        run,
        began: how === "crashed" ? began + claimWaitMs : began,
        ended,
        weight,
      }));
      byGate.set(gate, [...(byGate.get(gate) ?? []), ...runs]);
    }
  }
  return byGate;
}

function gatesOf({ name, payload }: Job): readonly (readonly [gate: string, weight: number])[] {
  const { lane, key } = payload as { readonly lane: string | null; readonly key: string };
  const limits = [
    ["limit:shared", name === heavyGated.name ? 3 : 1],
    [`limit:keyed:${key}`, 1],
  ] as const;
  return lane === null ? limits : [[`lane:${lane}`, 1], ...limits];
}

/** A moment at which a gate was held by more than it allows. */
export interface Crowd {
  readonly gate: string;
  readonly at: number;
  readonly runs: readonly Run[];
}

/** Goes through the runs of a gate in the order of their time; gives every moment at which too many were under way. */
export function crowdsAt(gate: string, runs: readonly Run[], most: number): readonly Crowd[] {
  const crowds: Crowd[] = [];
  let inside: Run[] = [];
  for (const run of runs.toSorted((one, other) => one.began - other.began)) {
    inside = [...inside.filter(({ ended }) => ended - clockMs > run.began), run];
    const weight = inside.reduce((sum, each) => sum + each.weight, 0);
    if (weight > most) crowds.push({ gate, at: run.began, runs: inside });
  }
  return crowds;
}
