import { context, type Tracer } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import type { Telemetry } from "holdfast";
import { openTelemetry, type OpenTelemetryOptions } from "holdfast/otel";
import { afterAll, beforeAll } from "vitest";
import { eventually } from "../conformance/eventually.ts";

/** OpenTelemetry as an application sets it up, its exporters in memory. */
export interface TelemetryRecorder {
  readonly telemetry: Telemetry;
  /** For spans of the application's own. */
  readonly tracer: Tracer;
  /** The spans that have ended so far, in the order of their ends. */
  spans(): readonly ReadableSpan[];
  /** Those of a name, as soon as there are so many. */
  spansOnce(name: string, count: number): Promise<readonly ReadableSpan[]>;
  /** The metrics, by name. */
  metrics(): Promise<ReadonlyMap<string, MetricData>>;
}

/** Sets it up; the context of spans follows asynchronous code while the tests of the calling file run. */
export function followContexts(): void {
  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });
  afterAll(() => context.disable());
}

/** A recorder with nothing recorded. */
export function recordTelemetry(options: OpenTelemetryOptions = {}): TelemetryRecorder {
  const spans = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(spans)],
  });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const named = (name: string) => spans.getFinishedSpans().filter((span) => span.name === name);
  return {
    telemetry: openTelemetry({ tracerProvider, meterProvider, ...options }),
    tracer: tracerProvider.getTracer("application"),
    spans: () => spans.getFinishedSpans(),
    spansOnce: (name, count) =>
      eventually(`${count} spans ${name} have ended`, () => {
        const found = named(name);
        return found.length >= count && found;
      }),
    async metrics() {
      await reader.forceFlush();
      const [scope] = exporter.getMetrics().at(-1)?.scopeMetrics ?? [];
      await reader.shutdown();
      return new Map(scope?.metrics.map((metric) => [metric.descriptor.name, metric]));
    },
  };
}
