/** One thing wrong with a value, and where. */
export interface Issue {
  /** The members that lead to it, such as `items[2].name`; empty for the value itself. */
  readonly path: string;
  readonly message: string;
}

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Writes the steps into a value as a path: `items[2].name`, and `["any text"]` for keys that are no identifiers. */
export function formatPath(steps: readonly PropertyKey[]): string {
  return steps.map(formatStep).join("").replace(/^\./, "");
}

function formatStep(step: PropertyKey): string {
  if (typeof step !== "string") return `[${String(step)}]`;
  return identifier.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}
