import type { Formats } from "../../format/formats.ts";

interface FactWriting {
  readonly formats: Pick<Formats, "bytes" | "duration" | "number" | "percent">;
  /** Values that are words. */
  readonly words: Readonly<Record<string, string>>;
}

/** Writes what is known of the database: the end of its name says what the number is. */
export function factText(
  name: string,
  value: string | number,
  { formats, words }: FactWriting,
): string {
  if (typeof value === "string") return words[value] ?? value;
  if (name.endsWith("Bytes")) return formats.bytes(value);
  if (name.endsWith("Ms")) return formats.duration(value);
  return name.endsWith("Share") ? formats.percent(value) : formats.number(value);
}
