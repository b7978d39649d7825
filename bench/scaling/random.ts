/** Numbers that look random and are the same in every run with the same seed. */
export interface Random {
  /** From 0 up to 1, evenly. */
  next(): number;
  /** Exponentially spread around `mean`. */
  exponential(mean: number): number;
  /** Evenly spread around `mean`, by half of it to either side. */
  around(mean: number): number;
}

/** A small generator of 32 bits of state: each step scrambles a counter. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }
  return {
    next,
    exponential: (mean) => -mean * Math.log(1 - next()),
    around: (mean) => mean * (0.5 + next()),
  };
}
