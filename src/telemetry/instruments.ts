import {
  type Attributes,
  type Counter,
  type Histogram,
  type Meter,
  type MeterProvider,
  metrics as api,
} from "@opentelemetry/api";
import { callBuckets, jobBuckets, metrics } from "./names.ts";
import { packageVersion } from "./package-version.ts";

/** The metrics there are. Times are milliseconds. */
export interface Instruments {
  operation(ms: number, attributes: Attributes): void;
  sent(jobs: number, attributes: Attributes): void;
  consumed(jobs: number, attributes: Attributes): void;
  process(ms: number, attributes: Attributes): void;
  wait(ms: number, attributes: Attributes): void;
}

interface Made {
  readonly provider: MeterProvider;
  readonly operation: Histogram;
  readonly sent: Counter;
  readonly consumed: Counter;
  readonly process: Histogram;
  readonly wait: Histogram;
}

/** Metrics of a provider; default that of the process, also when it is registered later. */
export function createInstruments(given: MeterProvider | undefined): Instruments {
  let known: Made | undefined;

  function current(): Made {
    const provider = given ?? api.getMeterProvider();
    if (known?.provider !== provider) known = make(provider);
    return known;
  }

  return {
    operation: (ms, labels) => current().operation.record(ms / 1_000, labels),
    sent: (jobs, labels) => current().sent.add(jobs, labels),
    consumed: (jobs, labels) => current().consumed.add(jobs, labels),
    process: (ms, labels) => current().process.record(ms / 1_000, labels),
    wait: (ms, labels) => current().wait.record(ms / 1_000, labels),
  };
}

function make(provider: MeterProvider): Made {
  const meter = provider.getMeter("holdfast", packageVersion() ?? undefined);
  return {
    provider,
    operation: histogram(meter, metrics.operation, callBuckets),
    sent: meter.createCounter(metrics.sent.name, metrics.sent),
    consumed: meter.createCounter(metrics.consumed.name, metrics.consumed),
    process: histogram(meter, metrics.process, jobBuckets),
    wait: histogram(meter, metrics.wait, jobBuckets),
  };
}

type Named = (typeof metrics)[keyof typeof metrics];

function histogram(meter: Meter, { name, unit, description }: Named, buckets: readonly number[]) {
  const advice = { explicitBucketBoundaries: [...buckets] };
  return meter.createHistogram(name, { unit, description, advice });
}
