import { HoldfastError } from "../core/errors.ts";
import { kindOf } from "../core/check-options.ts";

/** Variables by name; undefined for one that is not to be set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What every program needs to find others. */
const always = ["PATH"];

/**
 * The variables of a child: `PATH` and the named ones of this process, then its own. Nothing else is inherited, because an
 * environment is where secrets are kept.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for what cannot be a variable.
 */
export function childEnvironment(
  host: Environment,
  inherit: readonly string[],
  own: Environment = {},
): Record<string, string> {
  const inherited = [...always, ...inherit].map((name) => [name, host[name]] as const);
  const variables: Record<string, string> = {};
  for (const [name, value] of [...inherited, ...Object.entries(own)]) {
    if (value === undefined) continue;
    checkVariable(name, value);
    variables[name] = value;
  }
  return variables;
}

function checkVariable(name: string, value: unknown): void {
  if (typeof value !== "string" || value.includes("\u0000")) {
    throw new HoldfastError(
      "INVALID_OPTION",
      `The variable ${name} must be text without NUL; got ${kindOf(value)}.`,
    );
  }
  if (name === "" || /[=\u0000]/.test(name)) {
    throw new HoldfastError("INVALID_OPTION", `No variable can be called ${kindOf(name)}.`);
  }
}
