import type { Logger } from "../core/logger.ts";
import type { Slots } from "./slots.ts";
import type { WorkerSettings } from "./worker-options.ts";

/**
 * Waits for running jobs, then aborts the signals of those that are left. Each then has the grace of its attempt; after it,
 * its job is released: no attempt spent, available at once. A database that cannot be reached holds it up for one
 * more lease at most; then the leases run out by themselves.
 */
export async function drainSlots(
  slots: Slots,
  { drainMs, graceMs, leaseMs }: WorkerSettings,
  logger: Logger,
): Promise<void> {
  if (slots.running().length === 0) return;
  logger.info({ running: slots.running().length, drainMs }, "draining");
  await within(drainMs, slots.idle());
  for (const { abort } of slots.running()) {
    abort.abort({ kind: "shutdown", message: "The worker is shutting down." });
  }
  await within(graceMs + leaseMs, slots.idle());
  const left = slots.running().length;
  if (left > 0) logger.error({ running: left }, "stopping with jobs that could not be released");
}

async function within(ms: number, event: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([event, timeout]);
  clearTimeout(timer);
}
