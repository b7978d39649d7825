import type { Command } from "commander";
import { addCheck } from "../jobs/check.ts";
import { addLooks } from "../jobs/looks.ts";
import { addVerbs } from "../jobs/verbs.ts";
import type { Terminal } from "../terminal.ts";

/** `holdfast jobs ...`: looking at jobs, and changing one or many. */
export function addJobs(program: Command, terminal: Terminal): void {
  const jobs = program.command("jobs").description("look at jobs and steer them, one or many");
  addLooks(jobs, terminal);
  addVerbs(jobs, terminal);
  addCheck(jobs, terminal);
}
