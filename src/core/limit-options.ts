import { checkOptions, isName, isWhole, kindOf, type OptionRule, rule } from "./check-options.ts";
import { HoldfastError } from "./errors.ts";
import { parseRate, type Rate, type RateText } from "./rate.ts";

/** What a limit allows: so many jobs at once (`concurrent`), so many in a while (`rate`), or both. */
export type LimitSettings =
  | { readonly concurrent: number; readonly rate?: RateText }
  | { readonly concurrent?: number; readonly rate: RateText };

/**
 * A limit the jobs of a definition count against. Limits hold over all processes; the numbers are declared in code once,
 * and an operator's edit outlives every deploy.
 */
export type LimitOptions<Input = unknown> = LimitSettings & {
  /** The limit's name, without a colon; default the definition's. Definitions that name the same scope share it. */
  readonly scope?: string;
  /** Counts the jobs of each value apart, as `by: ({ tenantId }) => tenantId`; 1 to 255 characters. */
  readonly by?: (payload: Input) => string;
  /** How much a job counts; default 1. */
  readonly weight?: number;
};

/** The key under which one job at a time is let in, oldest first, read from the stored payload; 1 to 255 characters. */
export type LaneFunction<Input = unknown> = (payload: Input) => string;

/** A named limit as code declares it. */
export interface Scope {
  readonly scope: string;
  readonly concurrent: number | null;
  readonly rate: Rate | null;
}

/** A limit of a definition, checked and filled in. */
export interface LimitRule extends Scope {
  readonly by: ((payload: never) => unknown) | undefined;
  readonly weight: number;
}

/** Jobs and limits are counted in 32 bits. */
const most = 2_147_483_647;

/** The rule of a number of jobs. */
export const countRule: OptionRule = {
  is: `a whole number from 1 to ${most}`,
  test: (value) => isWhole(value, 1, most),
};

/** The rule of a scope's name: gates are written `limit:<scope>:<by>`. */
export const scopeRule: OptionRule = {
  is: `${rule.text.is} or colon`,
  test: (value) => isName(value) && !value.includes(":"),
};

/** The rule of `limits` in a definition. */
export const limitsRule: OptionRule = {
  is: "an array of at most 8 limits",
  test: (value) => Array.isArray(value) && value.length <= 8,
};

const settingRules = { concurrent: countRule, rate: rule.any } as const;
const optionRules = {
  ...settingRules,
  scope: scopeRule,
  by: rule.function,
  weight: countRule,
} as const;

/**
 * Reads the limits of the definition called `name`.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, also for two limits of one scope.
 */
export function readLimits(
  name: string,
  limits: readonly LimitOptions<never>[],
): readonly LimitRule[] {
  const rules = limits.map((limit, index) => readLimit(name, limit, `limits[${index}]`));
  const twice = rules.find(({ scope }, at) => rules.findIndex((one) => one.scope === scope) < at);
  if (twice === undefined) return rules;
  throw invalid(
    `limits has ${JSON.stringify(twice.scope)} twice; give one of the two a scope of its own, or both numbers to one limit.`,
  );
}

function readLimit(name: string, limit: LimitOptions<never>, where: string): LimitRule {
  checkOptions(where, limit, optionRules);
  const scope = limit.scope ?? name;
  if (!scopeRule.test(scope)) {
    throw invalid(
      `${where} needs a scope: the job's name (${kindOf(scope)}) has a colon, and a scope's must not.`,
    );
  }
  return { ...readScope(scope, limit, where), by: limit.by, weight: limit.weight ?? 1 };
}

/**
 * Reads limits declared by name, as `{ "stripe-api": { rate: "100/1m" } }`.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function readScopes(
  where: string,
  limits: Readonly<Record<string, LimitSettings>>,
): readonly Scope[] {
  if (typeof limits !== "object" || limits === null || Array.isArray(limits)) {
    throw invalid(`${where} takes an object of limits by name; got ${kindOf(limits)}.`);
  }
  return Object.entries(limits).map(([scope, settings]) => {
    checkScope(where, scope);
    checkOptions(`${where}: ${scope}`, settings, settingRules);
    return readScope(scope, settings, `${where}: ${scope}`);
  });
}

/**
 * Checks a scope's name.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function checkScope(where: string, scope: unknown): asserts scope is string {
  if (scopeRule.test(scope)) return;
  throw invalid(`${where}: a limit's name must be ${scopeRule.is}; got ${kindOf(scope)}.`);
}

function readScope(scope: string, { concurrent, rate }: LimitSettings, where: string): Scope {
  if (concurrent === undefined && rate === undefined) {
    throw invalid(`${where} needs concurrent, rate or both: what does it allow?`);
  }
  return {
    scope,
    concurrent: concurrent ?? null,
    rate: rate === undefined ? null : parseRate(rate, `${where}: rate`),
  };
}

/** The gate of a limit: the text that names what is counted together. */
export function limitGate(scope: string, by?: string): string {
  return by === undefined ? `limit:${scope}` : `limit:${scope}:${by}`;
}

function invalid(message: string): HoldfastError {
  return new HoldfastError("INVALID_OPTION", message);
}
