import { checkOptions, rule } from "./check-options.ts";
import { defaults } from "./defaults.ts";
import { type Duration, parseDuration } from "./duration.ts";

/** From where on the doctor calls something a finding. */
export interface DoctorOptions {
  /** How old a snapshot may be; default `"5m"`. */
  readonly snapshotAge?: Duration;
  /** How far this machine's clock may be from the database's; default `"2s"`. */
  readonly clockSkew?: Duration;
  /** How many dead rows the table of live jobs may have; default 500,000. */
  readonly deadRows?: number;
  /** How large a SQLite file's write-ahead log may be, in bytes; default 64 MiB. */
  readonly walBytes?: number;
  /** How many jobs may wait in one lane; default 1,000. */
  readonly laneJobs?: number;
}

/** The same, complete and in milliseconds. */
export interface DoctorLimits {
  readonly snapshotAgeMs: number;
  readonly clockSkewMs: number;
  readonly deadRows: number;
  readonly walBytes: number;
  readonly laneJobs: number;
}

/**
 * Checks and completes what the doctor was asked with.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function readDoctorOptions(call: string, options: DoctorOptions): DoctorLimits {
  checkOptions(call, options, {
    snapshotAge: rule.any,
    clockSkew: rule.any,
    deadRows: rule.count,
    walBytes: rule.count,
    laneJobs: rule.count,
  });
  const {
    snapshotAge = defaults.snapshotAgeMs,
    clockSkew = defaults.clockSkewMs,
    deadRows = defaults.deadRows,
    walBytes = defaults.walBytes,
    laneJobs = defaults.laneJobs,
  } = options;
  return {
    snapshotAgeMs: parseDuration(snapshotAge, `${call}: snapshotAge`),
    clockSkewMs: parseDuration(clockSkew, `${call}: clockSkew`),
    deadRows,
    walBytes,
    laneJobs,
  };
}
