import { createHash } from "node:crypto";

/** The channel of a schema's wakeups: two schemas never wake each other. Names of channels end after 63 bytes. */
export function channelOf(schema: string): string {
  const channel = `holdfast:${schema.replaceAll('"', "")}`;
  if (channel.length <= 63) return channel;
  return `holdfast:${createHash("sha256").update(channel).digest("hex").slice(0, 40)}`;
}

/** The mark of whoever waits for jobs to come due, of whatever queue: no queue has this name. */
export const anyDueMark = "";
