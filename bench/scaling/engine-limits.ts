import type { EngineLimits } from "./costs.ts";

/** The bench's throughput setting of Holdfast, and the runtime's own batches. */
export const benchLimits: EngineLimits = { held: 2_000, perTurn: 500 };
