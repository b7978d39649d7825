import { checkOptions, type OptionRule, rule } from "./check-options.ts";

/** What the jobs have in common that are enqueued through a scoped client. */
export interface ClientScope {
  /**
   * The trace they are a part of where telemetry knows of no span: a W3C `traceparent`, and its `tracestate` after a space, as
   * `job.trace` has it. One that is not valid is left out.
   */
  readonly trace?: string;
  /** The caller's open transaction, as the option `tx` of `enqueue`. */
  readonly tx?: object;
}

const rules: Readonly<Record<keyof ClientScope, OptionRule>> = {
  trace: { is: "text", test: (value) => typeof value === "string" },
  tx: rule.transaction,
};

/**
 * Checks what a scope says.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function checkClientScope(scope: ClientScope): void {
  checkOptions("client.scoped", scope, rules);
}
