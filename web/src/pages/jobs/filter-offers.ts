import type { Completion } from "../../../../src/dashboard/filter/complete.ts";
import type { JobValue } from "../../../../src/dashboard/wire/jobs.ts";

/** Something that can be written at the caret. */
export interface Offer {
  /** What stands in the list. */
  readonly label: string;
  /** What it means, in English; empty when it says that itself. */
  readonly hint: string;
  readonly from: "field" | "value";
  /** Replaces what is being written. */
  readonly text: string;
  /** True when a condition is complete with it. */
  readonly completes: boolean;
}

/** As many as one looks through. */
const most = 12;

/** What is offered for what is being written; `known` is what the server knows of it. */
export function offersFor(
  completion: Completion | undefined,
  known: readonly JobValue[],
): readonly Offer[] {
  if (completion === undefined) return [];
  if (completion.kind === "field") {
    return completion.fields.map(({ name, kind, hint }) => ({
      label: name,
      hint,
      from: "field",
      text: kind === "payload" ? `${name}.` : `${name}:${kind === "contains" ? "~" : ""}`,
      completes: false,
    }));
  }
  if (completion.kind === "path") return paths(known).slice(0, most);
  const offered = completion.values.map(({ text, hint }) => value(text, hint));
  const found = known.filter(({ kind }) => kind === "value").map(({ text }) => value(text, ""));
  return [...offered, ...found].slice(0, most);
}

const value = (text: string, hint: string): Offer => ({
  label: text,
  hint,
  from: "value",
  text,
  completes: true,
});

function paths(known: readonly JobValue[]): readonly Offer[] {
  return known
    .filter(({ kind }) => kind === "path")
    .map(({ text }) => ({ ...value(text, ""), text, completes: false }));
}

/** The text after an offer was taken, and where the caret then stands. */
export function takeOffer(
  text: string,
  completion: Completion,
  offer: Offer,
): { readonly text: string; readonly caret: number } {
  const { from } = completion;
  // What follows the caret's word stays; the mark that ends a field is not written twice.
  const rest = text.slice(completion.to);
  const isHead = offer.text.endsWith(":") && rest.startsWith(":");
  const written = isHead ? offer.text.slice(0, -1) : offer.text;
  return { text: text.slice(0, from) + written + rest, caret: from + written.length };
}
