import { checkOptions, isName, type OptionRule, rule } from "../core/check-options.ts";
import type { Client } from "../core/client.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Authorize } from "./access/authorize.ts";
import type { Redact } from "./redact/redact-rule.ts";
import type { Environment } from "./wire/session.ts";

/** What a dashboard shows, where, and to whom. */
export interface DashboardOptions {
  readonly client: Client;
  /** The path it is reached under, as the browser sees it, such as `"/jobs"`; default `""`, the root. */
  readonly basePath?: string;
  /** Who may do what; default: callers on this machine may look, and nobody else gets in. */
  readonly authorize?: Authorize;
  /** What is hidden of payloads, results, checkpoints and progress, and from whom; default nothing. */
  readonly redact?: Redact;
  /** True when it takes no writes from anybody, whatever `authorize` says; default false. */
  readonly readOnly?: boolean;
  /** Where one is, shown above every page: `{ name: "production", color: "red" }`; default nothing, and `color` default `"gray"`. */
  readonly environment?: {
    readonly name: string;
    readonly color?: Environment["color"] | undefined;
  };
  /**
   * Origins whose pages may send actions beside the dashboard's own, such as `"https://ops.example.com"`: the page's origin where a proxy
   * changes the `Host` header. Default none.
   */
  readonly origins?: readonly string[];
  /** Who is named in the audit where `authorize` names nobody; default `"dashboard"`. */
  readonly by?: string;
}

const colors: readonly unknown[] = ["gray", "green", "blue", "amber", "red"];

/** What a URL, HTML and a router all take as it is. */
const pathRule: OptionRule = {
  is: 'a path such as "/jobs", of letters, digits, "-", "_", "." and "~", without a slash at its end',
  test: (value) =>
    typeof value === "string" && /^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._~-]+)*$/.test(value),
};

const rules: Readonly<Record<keyof DashboardOptions, OptionRule>> = {
  client: rule.object,
  basePath: pathRule,
  authorize: rule.function,
  redact: rule.any,
  readOnly: rule.boolean,
  environment: {
    is: `an object with a name and perhaps a color: ${colors.join(", ")}`,
    test: isEnvironment,
  },
  origins: {
    is: 'a list of origins such as "https://ops.example.com"',
    test: (value) => Array.isArray(value) && value.every(isOrigin),
  },
  by: rule.text,
};

/**
 * Refuses what cannot be made a dashboard of.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function checkDashboardOptions(options: DashboardOptions): void {
  checkOptions("createDashboard", options, rules);
  if (options.client !== undefined) return;
  throw new HoldfastError("INVALID_OPTION", "createDashboard needs a client of createClient.");
}

function isEnvironment(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { name, color, ...others } = value as Readonly<Record<string, unknown>>;
  const colored = color === undefined || colors.includes(color);
  return isName(name) && colored && Object.keys(others).length === 0;
}

function isOrigin(value: unknown): boolean {
  return (
    typeof value === "string" &&
    /^https?:/.test(value) &&
    URL.canParse(value) &&
    new URL(value).origin === value
  );
}
