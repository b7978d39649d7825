import { durationParts } from "./duration-parts.ts";

/** Ways to write values, for one locale. Times are milliseconds since the epoch, durations milliseconds. */
export interface Formats {
  readonly locale: string;
  /** `48,213` */
  readonly number: (value: number) => string;
  /** `48K`, for places too narrow for all digits. */
  readonly compact: (value: number) => string;
  /** `12.5%` of a share of 1. */
  readonly percent: (share: number) => string;
  /** `4.2 MB` */
  readonly bytes: (value: number) => string;
  /** `1h 5m`: the two greatest units. */
  readonly duration: (ms: number) => string;
  /** `1 hour 5 minutes`, inside a sentence. */
  readonly durationInWords: (ms: number) => string;
  /** `3 minutes ago`, `in 2 hours`. */
  readonly relative: (at: number, now: number) => string;
  /** `29 Nov 2026, 22:20:30` in local time. */
  readonly dateTime: (at: number) => string;
  /** `22:20:30` in local time. */
  readonly time: (at: number) => string;
  /** `29 Nov` in local time. */
  readonly day: (at: number) => string;
  /** `2026-11-29 22:20:30.123 UTC`, the same in every language. */
  readonly utc: (at: number) => string;
}

export function makeFormats(locale: string): Formats {
  const numbers = numberFormats(locale);
  const date = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, options);
    return (at: number) => format.format(at);
  };
  return {
    locale,
    ...numbers,
    relative: relativeFormat(locale),
    dateTime: date({ dateStyle: "medium", timeStyle: "medium" }),
    time: date({ timeStyle: "medium" }),
    day: date({ day: "numeric", month: "short" }),
    utc: (at) => new Date(at).toISOString().replace("T", " ").replace("Z", " UTC"),
  };
}

function numberFormats(locale: string) {
  const number = new Intl.NumberFormat(locale);
  const compact = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  return {
    number: (value: number) => number.format(value),
    compact: (value: number) => compact.format(value),
    percent: (share: number) => percent.format(share),
    bytes: bytesFormat(locale),
    duration: durationFormat(locale, "narrow"),
    durationInWords: durationFormat(locale, "long"),
  };
}

const byteUnits = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

function bytesFormat(locale: string) {
  const formats = byteUnits.map((unit) => {
    const unitDisplay = unit === "byte" ? "long" : "short";
    const options = { style: "unit", unit, unitDisplay } as const;
    return new Intl.NumberFormat(locale, { ...options, maximumFractionDigits: 1 });
  });
  return (value: number): string => {
    const power = value < 1 ? 0 : Math.floor(Math.log10(value) / 3);
    const at = Math.min(power, byteUnits.length - 1);
    return formats[at]?.format(value / 1000 ** at) ?? String(value);
  };
}

function durationFormat(locale: string, unitDisplay: "narrow" | "long") {
  const formats = new Map<string, Intl.NumberFormat>();
  const formatOf = (unit: string) => {
    const known = formats.get(unit);
    if (known !== undefined) return known;
    const options = { style: "unit", unit, unitDisplay } as const;
    const made = new Intl.NumberFormat(locale, { ...options, maximumFractionDigits: 1 });
    formats.set(unit, made);
    return made;
  };
  return (ms: number): string =>
    durationParts(ms)
      .map(({ value, unit }) => formatOf(unit).format(value))
      .join(" ");
}

const relativeUnits = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

function relativeFormat(locale: string) {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  return (at: number, now: number): string => {
    const distance = at - now;
    const [unit, size] = relativeUnits.find(([, least]) => Math.abs(distance) >= least) ?? [
      "second",
      1_000,
    ];
    // Towards zero, so that nothing is said to be further away than it is.
    return format.format(Math.trunc(distance / size) || 0, unit);
  };
}
