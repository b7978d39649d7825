/** A logarithmic scale: equal factors are equal distances. */
export interface Scale {
  readonly ticks: readonly number[];
  /** The position of a factor, from `left` on. */
  at(factor: number): number;
}

const steps = [1, 2, 5];

/** A scale over `[left, left + width]` that holds every factor and 1, between round ticks. */
export function logScale(factors: readonly number[], left: number, width: number): Scale {
  const low = roundDown(Math.min(0.5, ...factors));
  const high = roundUp(Math.max(2, ...factors));
  const unit = width / Math.log(high / low);
  const at = (factor: number) => left + Math.log(factor / low) * unit;
  return { ticks: ticksBetween(low, high), at };
}

function ticksBetween(low: number, high: number): readonly number[] {
  return allTicks().filter((tick) => tick >= low && tick <= high);
}

const roundDown = (value: number) => allTicks().findLast((tick) => tick <= value) ?? value;
const roundUp = (value: number) => allTicks().find((tick) => tick >= value) ?? value;

/** 1, 2, 5, 10 and so on, from a thousandth to a million. */
function allTicks(): readonly number[] {
  const powers = Array.from({ length: 10 }, (_, index) => index - 3);
  return powers.flatMap((power) => steps.map((step) => Number(`${step}e${power}`)));
}
