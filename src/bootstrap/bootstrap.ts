import type { ClientSettings } from "../client/client-options.ts";
import type { Client } from "../core/client.ts";
import type { Logger } from "../core/logger.ts";
import { type Auth, type AuthParts, anonymousAuth } from "../identity/auth.ts";
import { createIdentity } from "../identity/identity.ts";
import { identitySettings } from "../identity/identity-options.ts";
import { withFields } from "../runtime/context.ts";
import { createConsoleLogger } from "../telemetry/console-logger.ts";
import { actingTelemetry } from "./acting-telemetry.ts";
import {
  type BootstrapOptions,
  type BootstrapSettings,
  bootstrapSettings,
} from "./bootstrap-options.ts";
import { watchUncaughtErrors } from "./exit-codes.ts";
import { identityOptions } from "./identity-environment.ts";
import { deafInterruption, type Interruption, listenForSignals } from "./interruption.ts";
import { openClient } from "./open-client.ts";
import { createService, type Service } from "./service.ts";
import { noTelemetry, type ServiceTelemetry, startTelemetry } from "./start-telemetry.ts";
import { openState, readStatePlan } from "./state.ts";
import { type NamedUrl, readJobsUrl } from "./state-urls.ts";
import { unlessAborted } from "./unless-aborted.ts";

/**
 * Begins a process that runs to completion: a consumer, a scheduled task, a migration. It opens no port.
 *
 * Starts telemetry where it is installed, mints the service's identity, and makes sure that the state which the environment names
 * answers. What fails here ends the process with an exit code of its own, unless it is caught.
 *
 * @throws {HoldfastError} `IDENTITY_NOT_CONFIGURED`, `IDENTITY_REFUSED`, `IDENTITY_UNREACHABLE`, `STATE_NOT_CONFIGURED`,
 * `STATE_UNREACHABLE`, `DRIVER_MISSING`, `INVALID_OPTION`, `STORAGE_*`, `SCHEMA_*`; `SHUTDOWN` when a signal to stop arrives meanwhile. What was opened by then is
 * closed again.
 * @example
 * ```ts
 * const service = await bootstrap("nightly-cleanup", { identity: "none", client: "none" });
 * await service.run(async ({ state, log }) => {
 *   const { rowCount } = await state.pg().query("DELETE FROM sessions WHERE ends_at < now()");
 *   log.info({ rowCount }, "sessions removed");
 * });
 * ```
 */
export async function bootstrap(name: string, options: BootstrapOptions = {}): Promise<Service> {
  watchUncaughtErrors();
  const settings = bootstrapSettings(name, options);
  const logger = options.logger ?? createConsoleLogger(settings.env["HOLDFAST_LOG"]);
  const closers: (() => unknown)[] = [];
  const release = () => closeAll(closers, logger);
  try {
    return await open(name, settings, { logger, closers, release });
  } catch (error) {
    logger.error({ name, error }, "job could not begin");
    await release();
    throw error;
  }
}

interface Opening {
  readonly logger: Logger;
  /** What is to be closed, in the order it was opened. */
  readonly closers: (() => unknown)[];
  release(): Promise<void>;
}

async function open(name: string, settings: BootstrapSettings, opening: Opening): Promise<Service> {
  const { logger, closers, release } = opening;
  const { env, flushMs } = settings;
  const own = settings.telemetry ? await startTelemetry(name, env, logger) : noTelemetry;
  closers.push(() => own.flush(flushMs));
  const interruption = listen(settings, logger, own);
  closers.push(() => interruption.end());
  logger.info({ name }, "job bootstrapping");
  const jobs = settings.client === "none" ? undefined : settings.client;
  const telemetry = jobs?.telemetry ?? own.telemetry;
  const { auth, stop } = openIdentity(name, settings, logger, () => telemetry?.traceOf());
  closers.push(stop);
  // What is written wrong is said before anyone is asked for anything.
  const plan = readStatePlan(env);
  const jobsUrl = settings.client === "none" ? undefined : readJobsUrl(env);
  const { signal } = interruption;
  const { subject } = await unlessAborted(signal, auth.current());
  const opened = openState(plan, logger);
  const { state, close } = await unlessAborted(signal, opened, (late) => late.close());
  closers.push(close);
  const acting = { logger, ...jobs, telemetry: actingTelemetry(auth, telemetry) };
  const client = await unlessAborted(signal, openJobs(jobsUrl, acting), (late) => late?.close());
  closers.push(() => client?.close());
  const { hasPg, hasRedis } = state;
  logger.info({ name, subject, hasPg, hasRedis, hasJobs: client !== undefined }, "job ready");
  const log = withFields(logger, { service: name });
  return createService({ name, auth, state, client, log, signal, release });
}

function listen(
  { signals, drainMs, flushMs }: BootstrapSettings,
  logger: Logger,
  own: ServiceTelemetry,
): Interruption {
  if (!signals) return deafInterruption();
  return listenForSignals({ logger, drainMs, lastWill: () => own.flush(flushMs) });
}

function openIdentity(
  name: string,
  { identity, env }: BootstrapSettings,
  logger: Logger,
  trace: AuthParts["trace"],
): { readonly auth: Auth; stop(): void } {
  if (identity === "none") return { auth: anonymousAuth(trace), stop: () => {} };
  return createIdentity(identitySettings(name, identityOptions(identity, env)), logger, trace);
}

async function openJobs(
  url: NamedUrl | undefined,
  settings: ClientSettings,
): Promise<Client | undefined> {
  return url === undefined ? undefined : openClient(url, settings);
}

/** What is opened last is closed first; what cannot be closed keeps nothing else open. */
async function closeAll(closers: (() => unknown)[], logger: Logger): Promise<void> {
  for (const close of closers.splice(0).toReversed()) {
    try {
      await close();
    } catch (error) {
      logger.warn({ error }, "could not close a part of the service");
    }
  }
}
