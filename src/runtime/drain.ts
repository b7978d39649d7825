import type { Logger } from "../core/logger.ts";
import type { Slots } from "./slots.ts";
import type { WorkerSettings } from "./worker-options.ts";

/**
 * Waits for running jobs and the last claim, then aborts the signals of the jobs that are left. Each then has the grace of
 * its attempt; after it, its job is released: no attempt spent, available at once. A database that cannot be reached holds
 * it up for one more lease at most; then the leases run out by themselves.
 */
export async function drainSlots(
  slots: Slots,
  claimsEnded: Promise<void>,
  { drainMs, graceMs, leaseMs }: WorkerSettings,
  logger: Logger,
): Promise<void> {
  const over = Promise.all([claimsEnded, slots.idle()]);
  if (slots.running().length > 0) {
    logger.info({ running: slots.running().length, drainMs }, "draining");
  }
  await within(drainMs, over);
  for (const { abort } of slots.running()) {
    abort.abort({ kind: "shutdown", message: "The worker is shutting down." });
  }
  await within(graceMs + leaseMs, over);
  const left = slots.running().length;
  if (left > 0) logger.error({ running: left }, "stopping with jobs that could not be released");
}

async function within(ms: number, event: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([event, timeout]);
  clearTimeout(timer);
}
