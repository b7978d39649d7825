// @ts-check
import { defineJob } from "holdfast";

/** One call of a service that bears seven at a time, from however many machines. */
export const callService = defineJob({
  name: "call-service",
  queue: "service",
  // The calls of a process that was killed come back soon.
  retry: { backoff: { min: "100ms", max: "1s" } },
});

export const maxRunning = 7;
export const leaseMs = 2_000;
