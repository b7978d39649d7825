import type { Payload } from "./system.ts";

/** About 60 bytes as JSON, like `{"sentAt":"1234567890123456","text":"..."}`. */
const usualText = "ada@example.com";

/** A text with which the payload's JSON has about `bytes` bytes. */
export const textOfBytes = (bytes: number): string => "x".repeat(bytes - 45);

/** A payload stamped now. */
export function stamped(text: string = usualText): Payload {
  return { sentAt: String(process.hrtime.bigint()), text };
}

/** Milliseconds on the machine's monotonic clock, the same one in all processes. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Milliseconds since the payload was stamped. */
export const ageMs = ({ sentAt }: Payload): number =>
  Number(process.hrtime.bigint() - BigInt(sentAt)) / 1e6;
