export { type DrainOptions, drain, runUntilIdle } from "./testing/drain.ts";
export { expectEnqueued, expectNotEnqueued } from "./testing/expect-enqueued.ts";
export { createManualClock, type ManualClock } from "./testing/manual-clock.ts";
