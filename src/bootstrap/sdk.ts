import type { Logger } from "../core/logger.ts";
import { type Environment, readSetting } from "./environment.ts";

/** The telemetry of the process, started here. */
export interface Sdk {
  /** Sends what has not been sent, for at most so long. It never rejects. */
  shutDown(withinMs: number): Promise<void>;
}

const idle: Sdk = { shutDown: async () => {} };

/**
 * Starts the OpenTelemetry SDK for Node where it is installed and nobody has started one. It reads the usual `OTEL_*` variables
 * itself. Telemetry never stops a service: what goes wrong is one warning.
 */
export async function startSdk(name: string, env: Environment, logger: Logger): Promise<Sdk> {
  try {
    if (/^(off|false|0|none)$/i.test(readSetting(env, "telemetry") ?? "")) return idle;
    const { NodeSDK } = await import("@opentelemetry/sdk-node");
    if (await isStarted()) return idle;
    // The SDK reads OTEL_SERVICE_NAME, but what it is told here would win.
    const named = readSetting(env, "serviceName") === undefined ? { serviceName: name } : {};
    const sdk = new NodeSDK(named);
    sdk.start();
    return { shutDown: (withinMs) => shutDown(sdk, withinMs, logger) };
  } catch (error) {
    if (isAbsent(error)) return idle;
    logger.warn({ error }, "telemetry could not be started; the job goes on without it");
    return idle;
  }
}

/** True when the application has set up telemetry of its own: only then do spans have a context. */
async function isStarted(): Promise<boolean> {
  const { isSpanContextValid, trace } = await import("@opentelemetry/api");
  return isSpanContextValid(trace.getTracer("holdfast").startSpan("probe").spanContext());
}

async function shutDown(
  sdk: { shutdown(): Promise<void> },
  withinMs: number,
  logger: Logger,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not sent within ${withinMs} ms`)), withinMs);
  });
  try {
    await Promise.race([sdk.shutdown(), late]);
  } catch (error) {
    logger.warn({ error }, "the last telemetry was not sent");
  } finally {
    clearTimeout(timer);
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
