import type { DiagLogger } from "@opentelemetry/api";
import type { Logger } from "../core/logger.ts";
import type { Telemetry } from "../core/telemetry.ts";
import { type Environment, readSetting } from "./environment.ts";
import { within } from "./within.ts";

/** The telemetry of a process. */
export interface ServiceTelemetry {
  /** Who makes spans and metrics of jobs; `undefined` where telemetry is off or not installed. */
  readonly telemetry: Telemetry | undefined;
  /** Sends what has not been sent, for at most so long. It never rejects. */
  flush(withinMs: number): Promise<void>;
}

/** No telemetry. */
export const noTelemetry: ServiceTelemetry = { telemetry: undefined, flush: async () => {} };

/**
 * Starts the OpenTelemetry SDK for Node where it is installed and the application has not started one. It reads the usual `OTEL_*`
 * variables itself. Telemetry never stops a service: what goes wrong is one warning.
 */
export async function startTelemetry(
  name: string,
  env: Environment,
  logger: Logger,
): Promise<ServiceTelemetry> {
  if (/^(off|false|0|none)$/i.test(readSetting(env, "telemetry") ?? "")) return noTelemetry;
  try {
    const api = await import("@opentelemetry/api");
    const flush = isStarted(api) ? () => flushProviders(api) : await startSdk(name, env, logger);
    const { openTelemetry } = await import("../telemetry/open-telemetry.ts");
    return {
      telemetry: openTelemetry(),
      flush: (withinMs) => flushWithin(flush, withinMs, logger),
    };
  } catch (error) {
    if (!isAbsent(error)) {
      logger.warn({ error }, "telemetry could not be started; the job goes on without it");
    }
    return noTelemetry;
  }
}

type Api = typeof import("@opentelemetry/api");

/** True when the application has set up telemetry of its own: only then has a span a context. */
function isStarted({ trace, isSpanContextValid }: Api): boolean {
  return isSpanContextValid(trace.getTracer("holdfast").startSpan("probe").spanContext());
}

async function startSdk(
  name: string,
  env: Environment,
  logger: Logger,
): Promise<() => Promise<unknown>> {
  const { NodeSDK } = await import("@opentelemetry/sdk-node");
  const { diag, DiagLogLevel } = await import("@opentelemetry/api");
  // Whoever asks the SDK for its own log lines gets all of them.
  if (readSetting(env, "sdkLogLevel") === undefined) {
    diag.setLogger(warnOnce(logger), { logLevel: DiagLogLevel.ERROR });
  }
  // The SDK reads OTEL_SERVICE_NAME, but what it is told here would win.
  const named = readSetting(env, "serviceName") === undefined ? { serviceName: name } : {};
  const sdk = new NodeSDK(named);
  sdk.start();
  return () => sdk.shutdown();
}

/** What the SDK complains of, such as a collector that is not there: the first as a warning, in short the rest. */
function warnOnce(logger: Logger): DiagLogger {
  let warned = false;
  const nothing = (): void => {};
  function error(complaint: string): void {
    const told = { complaint: complaint.slice(0, 500) };
    if (warned) logger.debug(told, "telemetry has failed again");
    else logger.warn(told, "telemetry has failed; the job goes on without it");
    warned = true;
  }
  return { error, warn: nothing, info: nothing, debug: nothing, verbose: nothing };
}

/** Telemetry that the application started is the application's to stop, but it is not to lose the last job. */
async function flushProviders({ trace, metrics }: Api): Promise<void> {
  const proxy: object = trace.getTracerProvider();
  const given: unknown =
    "getDelegate" in proxy && typeof proxy.getDelegate === "function" ? proxy.getDelegate() : proxy;
  await Promise.all([given, metrics.getMeterProvider()].map((provider) => forceFlush(provider)));
}

async function forceFlush(provider: unknown): Promise<void> {
  if (typeof provider !== "object" || provider === null || !("forceFlush" in provider)) return;
  if (typeof provider.forceFlush === "function") await provider.forceFlush();
}

async function flushWithin(
  flush: () => Promise<unknown>,
  withinMs: number,
  logger: Logger,
): Promise<void> {
  try {
    await within(withinMs, flush());
  } catch (error) {
    logger.warn({ error }, "the last telemetry was not sent");
  }
}

/** The SDK is an optional peer: that it is not installed is no failure. */
function isAbsent(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    error.code === "ERR_MODULE_NOT_FOUND" &&
    error.message.includes("@opentelemetry/")
  );
}
