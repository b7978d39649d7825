import type { Command } from "commander";
import { addAudit } from "./commands/audit.ts";
import { addDashboard } from "./commands/dashboard.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addDrop } from "./commands/drop.ts";
import { addEnqueue } from "./commands/enqueue.ts";
import { addExport } from "./commands/export.ts";
import { addImport } from "./commands/import.ts";
import { addInit } from "./commands/init.ts";
import { addJobs } from "./commands/jobs.ts";
import { addK8s } from "./commands/k8s.ts";
import { addLimits } from "./commands/limits.ts";
import { addMigrate } from "./commands/migrate.ts";
import { addOperations } from "./commands/operations.ts";
import { addQueues } from "./commands/queues.ts";
import { addSchedules } from "./commands/schedules.ts";
import { addStats } from "./commands/stats.ts";
import { addStatus } from "./commands/status.ts";
import { addWork } from "./commands/work.ts";
import { addWorkers } from "./commands/workers.ts";
import type { Terminal } from "./terminal.ts";

/** Adds what one file of commands has to the program. */
type AddCommands = (program: Command, terminal: Terminal) => void;

/** The commands as help lists them, under headings. */
export const commandGroups: readonly (readonly [
  heading: string,
  commands: readonly AddCommands[],
])[] = [
  ["To begin:", [addInit, addMigrate, addEnqueue, addWork]],
  [
    "To look and steer:",
    [
      addDashboard,
      addStatus,
      addDoctor,
      addStats,
      addJobs,
      addOperations,
      addAudit,
      addQueues,
      addWorkers,
      addSchedules,
      addLimits,
    ],
  ],
  ["To deploy:", [addK8s]],
  ["To move and remove:", [addExport, addImport, addDrop]],
];
