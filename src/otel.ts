export { openTelemetry, type OpenTelemetryOptions } from "./telemetry/open-telemetry.ts";
export type { AttemptTraces } from "./telemetry/consumer.ts";
export type { HandlerSpan, Telemetry } from "./core/telemetry.ts";
