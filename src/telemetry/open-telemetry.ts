import { context, type MeterProvider, trace, type TracerProvider } from "@opentelemetry/api";
import { checkOptions, oneOf, type OptionRule, rule } from "../core/check-options.ts";
import type { Telemetry } from "../core/telemetry.ts";
import { type AttemptTraces, createConsumer } from "./consumer.ts";
import { createInstruments } from "./instruments.ts";
import { createOperations } from "./operations.ts";
import { packageVersion } from "./package-version.ts";
import { createProducer } from "./producer.ts";
import { writeTrace } from "./trace-context.ts";

/** How spans and metrics are made. */
export interface OpenTelemetryOptions {
  /**
   * `"linked"` makes each attempt a trace of its own with a link to the one its job was enqueued in, which may have ended days
   * before; `"child"` makes it a part of that trace. Default `"linked"`.
   */
  readonly attempts?: AttemptTraces;
  /** Default the one registered for the process, also when that happens later. */
  readonly tracerProvider?: TracerProvider;
  /** Default the one registered for the process, also when that happens later. */
  readonly meterProvider?: MeterProvider;
}

const rules: Readonly<Record<keyof OpenTelemetryOptions, OptionRule>> = {
  attempts: oneOf("linked", "child"),
  tracerProvider: rule.object,
  meterProvider: rule.object,
};

/**
 * Makes spans and metrics of what a client and its workers do, by the conventions of OpenTelemetry for messaging; give it to
 * `createClient`. The application registers the OpenTelemetry SDK, before or after; without one nothing is recorded.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 * @example
 * ```ts
 * import { createClient } from "holdfast";
 * import { openTelemetry } from "holdfast/otel";
 *
 * const client = await createClient("sqlite:jobs.db", { telemetry: openTelemetry() });
 * ```
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Telemetry {
  checkOptions("openTelemetry", options, rules);
  const { attempts = "linked", tracerProvider = trace, meterProvider } = options;
  const version = packageVersion() ?? undefined;
  const tracer = tracerProvider.getTracer("holdfast", version);
  const parts = { tracer, instruments: createInstruments(meterProvider) };
  return {
    traceOf: () => writeTrace(trace.getSpanContext(context.active())),
    ...createProducer(parts),
    ...createConsumer(parts, attempts),
    ...createOperations(parts),
  };
}
