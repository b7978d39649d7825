import type { ClientSettings } from "../client/client-options.ts";
import { checkOptions, kindOf, type OptionRule, rule } from "../core/check-options.ts";
import { type Duration, parseDuration } from "../core/duration.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { IdentityOptions } from "../identity/identity-options.ts";
import type { Environment } from "./environment.ts";

/** What of a service is not as the environment says. */
export interface BootstrapOptions {
  /** Where its tokens come from; `"none"` for a service that calls nobody. Default as the environment says. */
  readonly identity?: IdentityOptions | "none";
  /**
   * How it reaches its jobs, which are in the database that `HOLDFAST_URL`, else `DATABASE_URL` names; `migrate: false` leaves the schema
   * there as it is. `"none"` for a service that has nothing to do with jobs: nothing is opened or made there.
   */
  readonly client?: ClientSettings | "none";
  /** `"none"` starts no telemetry; default the OpenTelemetry SDK, where it is installed and the environment says where to send to. */
  readonly telemetry?: "none";
  /** Default one that writes to the standard error stream, as loud as `HOLDFAST_LOG` says. */
  readonly logger?: Logger;
  /** Whether SIGTERM and SIGINT abort `signal`; default `true`. */
  readonly signals?: boolean;
  /** How long the service may go on after the first of them before its process is ended; default `"30s"`. */
  readonly drain?: Duration;
  /** How long the way out may wait for telemetry to be sent; default `"5s"`. */
  readonly flush?: Duration;
  /** Read instead of `process.env`. */
  readonly env?: Environment;
}

/** The options, checked and filled in. */
export interface BootstrapSettings {
  readonly identity: IdentityOptions | "none";
  readonly client: ClientSettings | "none" | undefined;
  readonly telemetry: boolean;
  readonly signals: boolean;
  readonly drainMs: number;
  readonly flushMs: number;
  readonly env: Environment;
}

const orNone: OptionRule = {
  is: 'an object of options, or "none"',
  test: (value) => value === "none" || (typeof value === "object" && value !== null),
};

const rules: Readonly<Record<keyof BootstrapOptions, OptionRule>> = {
  identity: orNone,
  client: orNone,
  telemetry: { is: '"none"', test: (value) => value === "none" },
  logger: rule.object,
  signals: rule.boolean,
  drain: rule.any,
  flush: rule.any,
  env: rule.object,
};

/**
 * Checks what `bootstrap` was given.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function bootstrapSettings(name: string, options: BootstrapOptions): BootstrapSettings {
  if (!rule.text.test(name)) {
    throw new HoldfastError(
      "INVALID_OPTION",
      `bootstrap takes the service's name, ${rule.text.is}; got ${kindOf(name)}.`,
    );
  }
  checkOptions("bootstrap", options, rules);
  return {
    identity: options.identity ?? {},
    client: options.client,
    telemetry: options.telemetry === undefined,
    signals: options.signals ?? true,
    drainMs: parseDuration(options.drain ?? "30s", "drain"),
    flushMs: parseDuration(options.flush ?? "5s", "flush"),
    env: options.env ?? process.env,
  };
}
