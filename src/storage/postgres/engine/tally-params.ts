import { counters, histogramTexts, type Tally } from "../../../core/tally.ts";
import { numberArray, textArray } from "./array-literal.ts";

/** Tallies as parameters, one for each column of them, side by side. */
export function tallyParams(tallies: readonly Tally[]): readonly unknown[] {
  const texts = tallies.map((tally) => histogramTexts(tally));
  return [
    ...counters.map((counter) => numberArray(tallies.map(({ counts }) => counts[counter]))),
    textArray(texts.map(({ waiting }) => waiting)),
    textArray(texts.map(({ running }) => running)),
  ];
}
