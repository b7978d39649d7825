import type { ClientSettings } from "../client/client-options.ts";
import { checkOptions, type OptionRule, rule } from "../core/check-options.ts";
import type { ApplyOptions, ScheduleOptions } from "../core/schedules-client.ts";
import type { DashboardOptions } from "../dashboard/dashboard-options.ts";
import type { WorkerOptions } from "../runtime/worker-options.ts";

/** What `holdfast.config.ts` tells the command line. Everything may be left out. */
export interface HoldfastConfig {
  /** Where jobs live; `HOLDFAST_URL` and `--url` come before it, `DATABASE_URL` after it. */
  readonly url?: string;
  /** PostgreSQL: the schema of Holdfast's tables; default `"holdfast"`. */
  readonly schema?: string;
  /** The modules that export definitions and handlers: files or globs, relative to the configuration's folder. */
  readonly jobs?: string | readonly string[];
  /** How the client is made, as for `createClient`. */
  readonly client?: Pick<
    ClientSettings,
    "connections" | "listen" | "maxHold" | "logger" | "router" | "telemetry"
  >;
  /** Schedules that `holdfast work` declares when it starts, and `holdfast schedules apply` at any time, as `client.schedules.apply` does. */
  readonly schedules?: ApplyOptions & { readonly list: readonly ScheduleOptions[] };
  /** How `holdfast dashboard` makes the dashboard, as for `createDashboard`; it lets people in by itself. */
  readonly dashboard?: Omit<DashboardOptions, "client" | "authorize">;
  /** How `holdfast work` makes its worker, as for `createWorker`; the handlers are those of `jobs`. */
  readonly worker?: Omit<WorkerOptions<unknown>, "handlers" | "override">;
}

const jobsRule: OptionRule = {
  is: "a file or glob, or an array of them",
  test: (value) => rule.text.test(value) || (Array.isArray(value) && value.every(rule.text.test)),
};

const rules: Readonly<Record<keyof HoldfastConfig, OptionRule>> = {
  url: { is: "text such as sqlite:jobs.db", test: (value) => typeof value === "string" },
  schema: rule.text,
  jobs: jobsRule,
  client: rule.object,
  schedules: rule.object,
  dashboard: rule.object,
  worker: rule.object,
};

const scheduleRules: Readonly<Record<keyof NonNullable<HoldfastConfig["schedules"]>, OptionRule>> =
  {
    list: { is: "a list of schedules", test: Array.isArray },
    // They are read when the schedules are declared.
    group: rule.any,
    version: rule.any,
  };

/** Their values are read when the dashboard is made. */
const dashboardRules: Readonly<Record<keyof NonNullable<HoldfastConfig["dashboard"]>, OptionRule>> =
  {
    basePath: rule.any,
    redact: rule.any,
    readOnly: rule.any,
    environment: rule.any,
    origins: rule.any,
    by: rule.any,
  };

const clientRules: Readonly<Record<keyof NonNullable<HoldfastConfig["client"]>, OptionRule>> = {
  connections: rule.count,
  listen: rule.any,
  maxHold: rule.any,
  logger: rule.object,
  router: rule.function,
  telemetry: rule.object,
};

/**
 * Types and checks a configuration of the command line; export what it gives as the default of `holdfast.config.ts`.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 * @example
 * ```ts
 * const config = defineConfig({
 *   url: process.env["DATABASE_URL"] ?? "sqlite:jobs.db",
 *   jobs: "src/jobs/*.ts",
 *   worker: { queues: { emails: { concurrency: 20 } } },
 * });
 * ```
 */
export function defineConfig(config: HoldfastConfig): HoldfastConfig {
  checkOptions("defineConfig", config, rules);
  checkOptions("defineConfig: client", config.client ?? {}, clientRules);
  checkOptions("defineConfig: dashboard", config.dashboard ?? {}, dashboardRules);
  checkOptions("defineConfig: schedules", config.schedules ?? {}, scheduleRules);
  return config;
}
