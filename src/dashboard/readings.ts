import { examine } from "../client/doctor.ts";
import type { Client } from "../core/client.ts";
import type { Diagnosis } from "../core/finding.ts";
import { createReading, type Reading } from "../http/reading.ts";
import { engineOf } from "../service/engine.ts";
import type { OverviewFacts } from "./overview/overview-facts.ts";
import { readOverview } from "./overview/read-overview.ts";

/** What costs more than each who looks should pay, and so is read once for all of them. */
export interface Readings {
  /** At most about a second old. */
  readonly overview: Reading<OverviewFacts>;
  /** The database and its schema, at most some seconds old. */
  readonly condition: Reading<Diagnosis>;
  /** All that the doctor looks at, thousands of jobs that wait among it. */
  readonly diagnosis: Reading<Diagnosis>;
}

const keptMs = { overview: 1_000, condition: 10_000, diagnosis: 10_000 };
/** Reading may take this share of the time, whatever it costs. */
const share = { overview: 0.2, condition: 0.1, diagnosis: 0.02 };
const giveUpMs = 30_000;

/** A page is not kept waiting longer for what is newer than what was read last. */
const patienceMs = 200;

/** What was read, as new as it can be had without a long wait; only the first who asks waits as long as it takes. */
export async function soonOf<Value>(reading: Reading<Value>): Promise<Value> {
  const latest = await reading.latest(patienceMs);
  return latest === undefined ? reading.get() : latest.value;
}

/** The readings of a dashboard; nothing is read before it is asked for. */
export function createReadings(client: Client): Readings {
  function reading<Value>(kind: keyof typeof keptMs, read: () => Promise<Value>): Reading<Value> {
    const keepMs = (tookMs: number) => Math.max(keptMs[kind], tookMs / share[kind]);
    return createReading(read, { keepMs, giveUpMs });
  }

  const condition = reading("condition", () => {
    const { storage, clock } = engineOf(client);
    const call = "the dashboard";
    return examine({ storage, now: () => clock.now(), call, activity: false });
  });
  return {
    condition,
    overview: reading("overview", () => readOverview(client, condition)),
    diagnosis: reading("diagnosis", () => client.doctor()),
  };
}
