import { checkOptions, isName, type OptionRule } from "../../core/check-options.ts";
import { HoldfastError } from "../../core/errors.ts";
import { type Role, rolePermissions } from "../access/permission.ts";
import type { Visitor } from "../access/visitor.ts";
import { parsePattern, type PathPattern } from "./path-pattern.ts";

/** The parts of a job that values are hidden in: the first key of every path. */
export type RedactedPart = "payload" | "result" | "checkpoint" | "progress";

/** All of them. */
export const redactedParts: readonly RedactedPart[] = [
  "payload",
  "result",
  "checkpoint",
  "progress",
];

/** What is hidden, of which jobs, and from whom. */
export interface RedactRule {
  /**
   * Keys and indexes with dots between, the first of them `payload`, `result`, `checkpoint`, `progress`, `*` or `**`: `*` is any one
   * key or index, `**` any number of them, and a dot in a key is written `\.`.
   */
  readonly path: string;
  /** Only of jobs with these names, `*` standing for any text; default all. */
  readonly names?: readonly string[];
  /** Roles that may see it; default none. Visitors with a list of permissions in place of a role see nothing that is hidden. */
  readonly visibleTo?: readonly Role[];
}

/** The option `redact`: paths, or rules. */
export type Redact = readonly (string | RedactRule)[];

/** A rule that was read. */
export interface ReadRule {
  readonly pattern: PathPattern;
  /** True for the name of a job it is about. */
  readonly isAbout: (name: string) => boolean;
  readonly visibleTo: readonly Role[];
}

const list = (is: string, test: (one: unknown) => boolean): OptionRule => ({
  is,
  test: (value) => Array.isArray(value) && value.length > 0 && value.every(test),
});

const rules: Readonly<Record<keyof RedactRule, OptionRule>> = {
  path: { is: "a path such as payload.card.number", test: (value) => typeof value === "string" },
  names: list("a list of names of jobs", isName),
  visibleTo: list("a list of viewer, operator and admin", (one) => {
    return typeof one === "string" && Object.hasOwn(rolePermissions, one);
  }),
};

const firstKeys = [...redactedParts, "*", "**"];

/**
 * Reads the option `redact`.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function readRedact(redact: Redact): readonly ReadRule[] {
  return redact.map((given) => {
    const rule = typeof given === "string" ? { path: given } : given;
    checkOptions("createDashboard: redact", rule, rules);
    const { path, names, visibleTo = [] } = rule;
    if (path === undefined || !firstKeys.includes(path.split(".", 1)[0] ?? "")) throw badPath(path);
    return { pattern: parsePattern(path), isAbout: aboutNames(names), visibleTo };
  });
}

/** The rules that hide something from a visitor. */
export function rulesFor(all: readonly ReadRule[], { role }: Visitor): readonly ReadRule[] {
  return all.filter(({ visibleTo }) => role === null || !visibleTo.includes(role));
}

function aboutNames(names: readonly string[] | undefined): (name: string) => boolean {
  if (names === undefined) return () => true;
  const patterns = names.map((name) => {
    const parts = name.split("*").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join("[^]*")}$`, "u");
  });
  return (name) => patterns.some((pattern) => pattern.test(name));
}

function badPath(path: unknown): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    `createDashboard: redact has the path ${JSON.stringify(path)}; its first key must be one of ${firstKeys.join(", ")}.`,
  );
}
