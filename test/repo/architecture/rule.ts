import type { SourceTree } from "./source-tree.ts";

/** One place where a rule is broken. */
export interface Violation {
  readonly path: string;
  readonly line?: number;
  readonly what: string;
}

/** A law of this code base, with what a person who broke it needs to know. */
export interface Rule {
  readonly name: string;
  readonly why: string;
  readonly fix: string;
  check(tree: SourceTree): Iterable<Violation>;
}

/** Everything `tree` does against `rule`, as one text; empty when there is nothing. */
export function report(rule: Rule, tree: SourceTree): string {
  const violations = [...rule.check(tree)];
  if (violations.length === 0) return "";
  const places = violations.map(({ path, line, what }) => {
    return `  ${path}${line === undefined ? "" : `:${line}`}  ${what}`;
  });
  return [`Rule: ${rule.name}.`, ...places, `Why: ${rule.why}`, `Do: ${rule.fix}`].join("\n");
}
