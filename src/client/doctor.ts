import {
  type DoctorLimits,
  type DoctorOptions,
  readDoctorOptions,
} from "../core/doctor-options.ts";
import { diagnose } from "../core/doctor.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Learned } from "../core/examination.ts";
import type { Diagnosis } from "../core/finding.ts";
import type { FleetFacts } from "../core/health-facts.ts";
import type { Storage } from "../storage/contract/storage.ts";

/** Longer than any wakeup takes, and short enough to wait for. */
const pingMs = 3_000;

/** Enough to find what nobody can run, and few enough to ask at any time. */
const jobsLooked = 10_000;

/** Asks a database how it is. */
export interface Examining {
  readonly storage: Storage;
  /** The time jobs go by; the database's when left out. */
  readonly now?: () => number;
  /** What the caller calls it. */
  readonly call: string;
  /** False to leave out what goes on in it, for which thousands of jobs are looked at; default true. */
  readonly activity?: boolean;
}

/**
 * Looks at a database and says what is wrong with it; what fails on the way is a finding as well.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export async function examine(
  { storage, now, call, activity = true }: Examining,
  options: DoctorOptions = {},
): Promise<Diagnosis> {
  const limits = readDoctorOptions(call, options);
  const time = await learn(() => measureClock(storage));
  const serverTime = "facts" in time ? time.facts.serverTime : 0;
  const at = now?.() ?? serverTime;
  const schema = await learn(async () => {
    const { current, latest, pending } = await storage.schemaStatus();
    return { current: pending.length > 0 ? Math.min(current, latest - 1) : latest, latest };
  });
  const reachable = "facts" in time;
  const health = reachable ? await learn(() => storage.readHealth()) : undefined;
  const isCurrent = "facts" in schema && schema.facts.current === schema.facts.latest;
  const [fleet, wakeups] = await Promise.all([
    isCurrent && activity ? learn(() => readFleet(storage, at, limits)) : undefined,
    reachable && activity ? learn(() => storage.pingWakeups(pingMs)) : undefined,
  ]);
  const aheadMs = "facts" in time ? time.facts.aheadMs : undefined;
  return diagnose({ schema, health, fleet, wakeups, aheadMs, now: at }, limits);
}

/** What there is to say of a database that could not even be opened. */
export function diagnoseFailure(failed: HoldfastError): Diagnosis {
  const unasked = { health: undefined, fleet: undefined, wakeups: undefined, aheadMs: undefined };
  const limits = readDoctorOptions("doctor", {});
  return diagnose({ schema: { failed }, ...unasked, now: 0 }, limits);
}

async function learn<Facts>(ask: () => Promise<Facts>): Promise<Learned<Facts>> {
  try {
    return { facts: await ask() };
  } catch (error) {
    if (error instanceof HoldfastError) return { failed: error };
    throw error;
  }
}

async function readFleet(
  storage: Storage,
  now: number,
  { laneJobs }: DoctorLimits,
): Promise<FleetFacts> {
  const [activity, workers, { schedules }] = await Promise.all([
    storage.readActivity(now, Math.max(jobsLooked, laneJobs)),
    storage.listWorkers(),
    storage.listSchedules(),
  ]);
  return { ...activity, workers, schedules };
}

/** The answer was given at some moment of the call, so its length is what is uncertain. */
async function measureClock(
  storage: Pick<Storage, "serverTime">,
): Promise<{ readonly serverTime: number; readonly aheadMs: number }> {
  const before = Date.now();
  const serverTime = await storage.serverTime();
  const after = Date.now();
  if (serverTime < before) return { serverTime, aheadMs: before - serverTime };
  return { serverTime, aheadMs: Math.min(0, after - serverTime) };
}
