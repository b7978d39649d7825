import { InvalidArgumentError } from "commander";

/** An option's text as a number; whether it fits is for the command to say. */
export function readNumber(text: string): number {
  if (/^-?\d{1,15}(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a number.");
}

/** An option's text as a moment: ISO 8601 with a time zone, or milliseconds since the epoch. */
export function readInstant(text: string): number {
  const withZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;
  const ms = /^\d{1,16}$/.test(text)
    ? Number(text)
    : withZone.test(text)
      ? Date.parse(text)
      : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  throw new InvalidArgumentError(
    "It must be a moment with its time zone, such as 2030-01-31T08:00:00Z.",
  );
}
