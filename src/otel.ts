export { openTelemetry, type OpenTelemetryOptions } from "./telemetry/open-telemetry.ts";
export type { AttemptTraces } from "./telemetry/consumer.ts";
export type {
  CallName,
  CallSubject,
  HandlerSpan,
  Telemetry,
  WorkDone,
  WorkName,
} from "./core/telemetry.ts";
