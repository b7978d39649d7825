/** Leaves out of JSON and text what a visitor may not see. */
export interface Redactor {
  /** False when this visitor may see everything. */
  readonly active: boolean;
  /**
   * A job's JSON text without what is hidden, integers exact, and the paths at which something was hidden. `part` is what the text
   * is of: the first key of every path.
   */
  json(
    part: "payload" | "result" | "checkpoint" | "progress",
    text: string,
    job: { readonly name: string },
  ): { readonly text: string; readonly hidden: readonly string[] };
  /** Text in which none of the hidden values of a payload stands any more: errors, stacks, log lines, keys. */
  text(text: string, payload: string, job: { readonly name: string }): string;
  /** True when a path of payloads must be neither searched nor offered. */
  hides(path: string): boolean;
}
