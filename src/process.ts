/** Handlers in any language: commands, warm child processes, and threads. */
export {
  command,
  type CommandFunction,
  type CommandHandler,
  type CommandJob,
} from "./process/command.ts";
export type { CommandOptions, CommandPlan } from "./process/command-options.ts";
export { type ProcessPool, type ProcessPoolOptions, processPool } from "./process/process-pool.ts";
export { type ThreadHandler, threadHandler, type ThreadOptions } from "./process/thread-handler.ts";
export { serveThread, type ThreadFunction, type ThreadJob } from "./process/serve-thread.ts";
export type { ChildJob } from "./process/child-job.ts";
