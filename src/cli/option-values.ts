import { InvalidArgumentError } from "commander";
import { momentForms, parseMoment } from "../core/moment.ts";

/** An option's text as a number; whether it fits is for the command to say. */
export function readNumber(text: string): number {
  if (/^-?\d{1,15}(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a number.");
}

/** An option's text as a moment. */
export function readInstant(text: string): number {
  const at = parseMoment(text);
  if (at !== undefined) return at;
  throw new InvalidArgumentError(`It must be a moment: ${momentForms}.`);
}

/** An option that says one thing: given twice it would be a guess which counts. */
export function once(text: string, before: string | undefined): string {
  if (before === undefined) return text;
  throw new InvalidArgumentError("It was given twice.");
}
