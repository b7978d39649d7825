import type { DoctorLimits } from "./doctor-options.ts";
import { checkFile } from "./file-checks.ts";
import { type CheckName, checkNames, type Diagnosis } from "./finding.ts";
import { checkKeys, checkQueues, checkSchedules } from "./work-checks.ts";
import { checkWorkers } from "./worker-checks.ts";
import type { Check, Examination } from "./examination.ts";
import {
  checkClock,
  checkConnection,
  checkPermissions,
  checkSchema,
  checkWakeups,
} from "./database-checks.ts";
import { checkConnections, checkDurability, checkSnapshots, checkSpace } from "./server-checks.ts";

const checks: Readonly<Record<CheckName, Check>> = {
  connection: checkConnection,
  schema: checkSchema,
  permissions: checkPermissions,
  clock: checkClock,
  connections: checkConnections,
  durability: checkDurability,
  snapshots: checkSnapshots,
  space: checkSpace,
  file: checkFile,
  wakeups: checkWakeups,
  workers: checkWorkers,
  queues: checkQueues,
  schedules: checkSchedules,
  keys: checkKeys,
};

/** Says what is wrong with a database and with what goes on in it. */
export function diagnose(examination: Examination, limits: DoctorLimits): Diagnosis {
  const looks = checkNames.map((name) => ({ name, found: checks[name](examination, limits) }));
  const all = looks.flatMap(({ found = [] }) => found);
  const errors = all.filter(({ level }) => level === "error");
  return {
    healthy: errors.length === 0,
    findings: [...errors, ...all.filter(({ level }) => level === "warning")],
    checked: looks.filter(({ found }) => found !== undefined).map(({ name }) => name),
  };
}
