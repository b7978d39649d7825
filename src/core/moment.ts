/** How a moment is written. */
export const momentForms = "2026-01-31 (UTC), 2026-01-31T12:00Z or 2026-01-31T12:00+02:00";

const form =
  /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?(?:Z|([+-])(\d\d):?(\d\d)))?$/i;

/** So many digits are milliseconds of this century; fewer would be seconds, or a year. */
const milliseconds = /^\d{12,16}$/;

/**
 * A moment from its text: a day, which begins at midnight UTC, a time with its zone, or milliseconds since the epoch. `undefined` for
 * anything else, days the calendar does not have among them: what is done to jobs must not hang on a guess.
 */
export function parseMoment(text: string): number | undefined {
  if (milliseconds.test(text)) return Number(text);
  const parts = form.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => (part === undefined ? 0 : Number(part)));
  const isTime = hour < 24 && minute < 60 && second < 60;
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  const isDay = new Date(at).getUTCMonth() === month - 1 && month > 0 && day > 0;
  const offset = offsetMs(parts[8], Number(parts[9] ?? 0), Number(parts[10] ?? 0));
  if (!isTime || !isDay || offset === undefined) return undefined;
  return at + Math.trunc(Number(`0${parts[7] ?? ""}`) * 1_000) - offset;
}

function offsetMs(sign: string | undefined, hours: number, minutes: number): number | undefined {
  if (hours > 23 || minutes > 59) return undefined;
  const ms = (hours * 60 + minutes) * 60_000;
  return sign === "-" ? -ms : ms;
}
