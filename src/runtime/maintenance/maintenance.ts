import type { Periodic } from "../../service/periodic.ts";
import type { Heartbeat } from "../heartbeat.ts";
import type { SessionParts } from "../session-parts.ts";
import { type AdmissionPass, startAdmissionPass } from "./admission-pass.ts";
import { startOperator } from "./operator.ts";
import type { PassBook } from "./pass-book.ts";
import { startPromoter } from "./promoter.ts";
import { startPruner } from "./pruner.ts";
import { startReclaimer } from "./reclaimer.ts";
import { startRescuer } from "./rescuer.ts";
import { startScheduler } from "./scheduler.ts";
import { startStatsRoller } from "./stats-roller.ts";

/** The passes of maintenance that every worker runs. */
export interface Maintenance {
  readonly promoter: Periodic;
  readonly admission: AdmissionPass;
  readonly rescuer: Periodic;
  /** Jobs were claimed: there will be something to reclaim and to add up. */
  noteWork(): void;
  /** These and those that nobody wakes. */
  readonly all: readonly Periodic[];
}

/** What they need of their session. */
export interface MaintenanceParts {
  readonly workerId: string;
  readonly heartbeat: Pick<Heartbeat, "steadyMs">;
  readonly passes: PassBook;
  /** The longest pause between two looks for work. */
  readonly poll: () => number;
}

/** Starts them all. */
export function startMaintenance(
  { engine, settings, handlers, orders, random }: SessionParts,
  { workerId, heartbeat, passes, poll }: MaintenanceParts,
): Maintenance {
  const parts = { ...engine, passes };
  const admission = startAdmissionPass(parts, { poll, gated: handlers.gated });
  const reclaimer = startReclaimer(engine.storage, parts);
  const rescuer = startRescuer({
    engine,
    passes,
    self: workerId,
    everyMs: settings.heartbeatMs,
    aloneMs: settings.heartbeatMs * 2,
    leaseMs: settings.leaseMs,
    maxCrashes: settings.maxCrashes,
    random,
    backoffOf: orders.backoffOf,
    steadyMs: () => heartbeat.steadyMs(),
  });
  const pruner = startPruner(engine.storage, parts);
  const operator = startOperator(engine.storage, parts);
  const promoter = startPromoter(parts, {
    poll,
    onAgenda({ nextTickAt, waiting, operating }) {
      if (nextTickAt !== null) engine.ticks.add(nextTickAt);
      if (waiting) admission.noteWaiting();
      if (operating) operator.noteOperation();
    },
  });
  const scheduler = startScheduler(parts);
  const stats = startStatsRoller(engine.storage, parts, random);
  const all = [promoter, admission, reclaimer, rescuer, scheduler, pruner, operator, stats];
  return {
    promoter,
    admission,
    rescuer,
    all,
    noteWork() {
      reclaimer.noteWork();
      stats.noteWork();
    },
  };
}
