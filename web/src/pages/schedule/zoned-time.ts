/** Writes instants by the clock of a time zone; by the reader's own when it is `null` or this browser does not know it. */
export function zonedFormat(locale: string, timeZone: string | null): (at: number) => string {
  const options = {
    weekday: "short",
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  } as const;
  const format = formatIn(locale, timeZone === null ? options : { ...options, timeZone }, options);
  return (at) => format.format(at);
}

function formatIn(
  locale: string,
  wanted: Intl.DateTimeFormatOptions,
  otherwise: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(locale, wanted);
  } catch {
    return new Intl.DateTimeFormat(locale, otherwise);
  }
}

/** An offset from UTC: `UTC+5:30`, `UTC−3`. */
export function offsetText(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const sign = minutes < 0 ? "−" : "+";
  return `UTC${sign}${hours}${rest === 0 ? "" : `:${String(rest).padStart(2, "0")}`}`;
}
