import { defaults } from "../../core/defaults.ts";
import type { Periodic } from "../../service/periodic.ts";
import type { StatsStore } from "../../storage/contract/stats.ts";
import { type PassParts, type PassRun, startPass } from "./pass.ts";

const batch = 5_000;
/** After work, so that lines are few when somebody reads them. */
const everyMs = 20_000;
/** What enqueuers left while no worker had work, and what has grown old. */
const idleMs = 300_000;
const kept = { minutesMs: defaults.statMinutesKeptMs, allMs: defaults.statsKeptMs };

/** The pass that adds up what was counted, and a way to tell it that jobs were run. */
export interface StatsRoller extends Periodic {
  noteWork(): void;
}

/**
 * Adds up what was counted: soon after jobs were run, and now and then while nothing runs. Any number of processes may run it; one
 * at a time does something, so each waits a little longer or shorter than the others.
 */
export function startStatsRoller(
  storage: StatsStore,
  parts: PassParts,
  random: () => number,
): StatsRoller {
  let resting = false;
  const soonMs = () => everyMs * (0.75 + random() / 2);

  async function rollUp(): Promise<PassRun> {
    resting = false;
    const { rows, more } = await storage.rollUpStats(batch, parts.clock.now(), kept);
    resting = rows === 0;
    return { rows, pauseMs: more ? 0 : resting ? idleMs : soonMs() };
  }

  const periodic = startPass("stats", rollUp, parts);
  return {
    ...periodic,
    noteWork() {
      if (!resting) return;
      resting = false;
      setTimeout(periodic.wake, soonMs()).unref();
    },
  };
}
