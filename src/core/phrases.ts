import type { CappedCount } from "./job-search.ts";

const mostNamed = 8;

/** Names in a sentence, the first few of many. */
export function listed(names: readonly string[]): string {
  const named = names.slice(0, mostNamed);
  const more = names.length - named.length;
  return `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Bytes as people read them. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(bytes < 10_485_760 ? 1 : 0)} MiB`;
}

/** A number and what it counts. */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** The same at the beginning of a sentence, of what may have been counted in part. */
export function countedUpTo({ jobs, atLeast }: CappedCount, one: string, many: string): string {
  return `${atLeast ? "At least " : ""}${counted(jobs, one, many)}`;
}
