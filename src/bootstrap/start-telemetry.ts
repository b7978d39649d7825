import type * as OpenTelemetryApi from "@opentelemetry/api";
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
  flush(withinMs: number): Promise<unknown>;
}

/** No telemetry. */
export const noTelemetry: ServiceTelemetry = { telemetry: undefined, flush: async () => {} };

/**
 * Starts the OpenTelemetry SDK for Node where it is installed, the environment says where to send to, and the application has not
 * started one. It reads the usual `OTEL_*` variables itself. Telemetry never stops a service: what goes wrong is one warning.
 */
export async function startTelemetry(
  name: string,
  env: Environment,
  logger: Logger,
): Promise<ServiceTelemetry> {
  if (/^(off|false|0|none)$/i.test(readSetting(env, "telemetry") ?? "")) return noTelemetry;
  const complain = complainOnce(logger);
  try {
    const api = await import("@opentelemetry/api");
    const isOwn = isStarted(api);
    // Its default, a collector on this machine, is hardly ever there, and costs seconds at the end of every run.
    if (!isOwn && readSetting(env, "exporter") === undefined) return noTelemetry;
    const flush = isOwn ? () => flushProviders(api) : await startSdk(name, env, complain);
    const { openTelemetry } = await import("../telemetry/open-telemetry.ts");
    return {
      telemetry: openTelemetry(),
      flush: (withinMs) => within(withinMs, flush()).catch(complain),
    };
  } catch (error) {
    if (!isAbsent(error)) complain(error);
    return noTelemetry;
  }
}

/** The first failure is a warning, the others, of which there may be one with every export, are for those who look closely. */
function complainOnce(logger: Logger): (error: unknown) => void {
  let complained = false;
  return (error) => {
    if (complained) logger.debug({ error }, "telemetry has failed again");
    else logger.warn({ error }, "telemetry has failed; the job goes on without it");
    complained = true;
  };
}

type Api = typeof OpenTelemetryApi;

/** True when the application has set up telemetry of its own: only then has a span a context. */
function isStarted({ trace, isSpanContextValid }: Api): boolean {
  return isSpanContextValid(trace.getTracer("holdfast").startSpan("probe").spanContext());
}

async function startSdk(
  name: string,
  env: Environment,
  complain: (error: unknown) => void,
): Promise<() => Promise<unknown>> {
  const { NodeSDK } = await import("@opentelemetry/sdk-node");
  const { diag, DiagLogLevel } = await import("@opentelemetry/api");
  // Whoever asks the SDK for its own log lines gets all of them.
  if (readSetting(env, "sdkLogLevel") === undefined) {
    diag.setLogger(listener(complain), { logLevel: DiagLogLevel.ERROR });
  }
  // The SDK reads OTEL_SERVICE_NAME, but what it is told here would win.
  const named = readSetting(env, "serviceName") === undefined ? { serviceName: name } : {};
  const sdk = new NodeSDK(named);
  sdk.start();
  return () => sdk.shutdown();
}

/** Hears what the SDK finds wrong, such as a collector that is not there. */
function listener(complain: (error: unknown) => void): DiagLogger {
  const nothing = (): void => {};
  const error = (...said: readonly unknown[]): void =>
    complain(said.map(String).join(" ").slice(0, 500));
  return { error, warn: nothing, info: nothing, debug: nothing, verbose: nothing };
}

/** Telemetry that the application started is the application's to stop, but it is not to lose the last job. */
async function flushProviders({ trace, metrics }: Api): Promise<void> {
  const proxy = trace.getTracerProvider();
  const tracing = callIfThere(proxy, "getDelegate") ?? proxy;
  const providers = [tracing, metrics.getMeterProvider()];
  await Promise.all(providers.map((provider) => callIfThere(provider, "forceFlush")));
}

/** What is behind the interfaces of the API depends on the SDK. */
function callIfThere(holder: unknown, name: string): unknown {
  if (typeof holder !== "object" || holder === null) return undefined;
  const method: unknown = Reflect.get(holder, name);
  return typeof method === "function"
    ? Reflect.apply(method as () => unknown, holder, [])
    : undefined;
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
