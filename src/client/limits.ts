import { checkOptions, rule } from "../core/check-options.ts";
import type { Clock } from "../core/clock.ts";
import { defaults } from "../core/defaults.ts";
import { parseDuration } from "../core/duration.ts";
import { HoldfastError } from "../core/errors.ts";
import { checkScope, countRule, limitGate, readScopes } from "../core/limit-options.ts";
import type {
  AcquireOptions,
  DrainRateOptions,
  Limit,
  LimitChange,
  LimitsClient,
  RateGrant,
} from "../core/limits-client.ts";
import { formatRate } from "../core/rate.ts";
import { readScopeChange } from "../core/scope-change.ts";
import type { LimitWarnings } from "../service/limit-warnings.ts";
import type { LimitStore, ScopeUse } from "../storage/contract/limit.ts";
import type { Auditor } from "./audit.ts";
import type { Gate } from "./gate.ts";

/** What limits work with. */
export interface LimitsParts {
  readonly storage: LimitStore;
  readonly clock: Clock;
  readonly gate: Gate;
  readonly audit: Auditor;
  readonly limitWarnings: LimitWarnings;
}

/** `client.limits`, the half of it for handlers being `job.rateLimit`. */
export function createLimits(parts: LimitsParts): LimitsClient {
  const { storage, clock, gate, audit } = parts;
  return {
    acquire: (scope, options = {}) =>
      gate.pass("rateLimit.acquire", () => acquire(parts, scope, options)),
    drain: (scope, options = {}) =>
      gate.pass("rateLimit.drain", () => drain(parts, scope, options)),
    declare: (limits) =>
      gate.pass("client.limits.declare", async () => {
        await storage.declareScopes(readScopes("client.limits.declare", limits));
      }),
    list: () =>
      gate.pass("client.limits.list", async () => (await storage.listScopes()).map(limitOf)),
    update: (scope, to) =>
      gate.pass("client.limits.update", async () => {
        await updateLimit(storage, "client.limits.update", { scope, to, now: clock.now() });
        const { by, ...details } = to;
        await audit({ by, action: "limits.update", target: `limit:${scope}`, details });
      }),
  };
}

async function acquire(
  { storage, clock, limitWarnings }: LimitsParts,
  scope: string,
  options: AcquireOptions,
): Promise<RateGrant> {
  checkScope("rateLimit.acquire", scope);
  checkOptions("rateLimit.acquire", options, { by: rule.text, weight: countRule });
  const { by, weight = 1 } = options;
  const taken = await storage.takeTokens(limitGate(scope, by), scope, weight, clock.now());
  switch (taken.outcome) {
    case "granted":
    case "no-rate":
      return { granted: true };
    case "denied":
      return { granted: false, retryAfter: taken.retryAfterMs };
    case "undeclared":
      limitWarnings.undeclared(scope);
      return { granted: false, retryAfter: defaults.undeclaredRetryMs };
  }
}

async function drain(
  { storage, clock, limitWarnings }: LimitsParts,
  scope: string,
  options: DrainRateOptions,
): Promise<void> {
  checkScope("rateLimit.drain", scope);
  checkOptions("rateLimit.drain", options, { by: rule.text, for: rule.any });
  const forMs =
    options.for === undefined ? null : parseDuration(options.for, "rateLimit.drain: for");
  const gate = limitGate(scope, options.by);
  const drained = await storage.drainTokens(gate, scope, forMs, clock.now());
  if (drained === "undeclared") limitWarnings.undeclared(scope);
}

/** A change of a limit, and when it is made. */
export interface LimitUpdate {
  readonly scope: string;
  readonly to: LimitChange;
  readonly now: number;
}

/**
 * Changes a limit; `call` is what the caller calls it.
 *
 * @throws {HoldfastError} `LIMIT_UNDECLARED`, `INVALID_OPTION`.
 */
export async function updateLimit(
  storage: Pick<LimitStore, "updateScope">,
  call: string,
  { scope, to, now }: LimitUpdate,
): Promise<void> {
  checkScope(call, scope);
  if (await storage.updateScope(scope, readScopeChange(call, to), now)) return;
  throw new HoldfastError(
    "LIMIT_UNDECLARED",
    `There is no limit ${JSON.stringify(scope)}: declare it first, in a definition or with client.limits.declare.`,
    { details: { scope } },
  );
}

/** A limit as it is shown, its rate as text. */
export function limitOf({ scope, concurrent, rate, edited, held, waiting }: ScopeUse): Limit {
  return {
    scope,
    concurrent,
    rate: rate === null ? null : formatRate(rate),
    edited,
    held,
    waiting,
  };
}
