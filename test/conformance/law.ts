import { describe, expect, test } from "vitest";
import type { Harness, Place } from "./harness.ts";

/** States one law: a sentence, and its proof on a database without jobs, or `empty` without even a schema; some need longer than others. */
export type Law = (
  sentence: string,
  prove: (place: Place) => Promise<void>,
  start?: "fresh" | "empty",
  timeoutMs?: number,
) => void;

/** A chapter of laws: the driver it is proved of, and how to state one. */
export type Chapter = (law: Law, harness: Harness) => void;

/** Proves chapters of laws of one driver. A skip that names no law of theirs fails. */
export function proveLaws(harness: Harness, chapters: Readonly<Record<string, Chapter>>): void {
  const stated = new Set<string>();
  const law: Law = (sentence, prove, start = "fresh", timeoutMs) => {
    if (stated.has(sentence)) throw new Error(`Two laws say: ${sentence}`);
    stated.add(sentence);
    const reason = harness.skips[sentence];
    if (reason === undefined) {
      return test(sentence, () => proveAt(harness[start], prove), timeoutMs);
    }
    test(`${sentence} [not here: ${reason}]`, (context) => context.skip(reason));
  };
  describe(harness.driver, () => {
    for (const [name, chapter] of Object.entries(chapters)) {
      describe(name, () => chapter(law, harness));
    }
    test("every skip names a law", () => {
      const unknown = Object.keys(harness.skips).filter((sentence) => !stated.has(sentence));
      expect(unknown).toEqual([]);
    });
  });
}

/** Proves something at a place, which is closed whatever happens. */
export async function proveAt(
  open: () => Promise<Place>,
  prove: (place: Place) => Promise<void>,
): Promise<void> {
  const place = await open();
  try {
    await prove(place);
  } finally {
    await place.close();
  }
}
