/** A part of a text: from its first character to before its last. */
export type Span = readonly [from: number, to: number];

/** Finds all of many values in a text at once, in time that grows with the text alone, whatever both of them repeat. */
export interface ValueFinder {
  /**
   * What of a text is a value, in order and apart from each other. A beginning of a value that a cut has left at the end counts too, when
   * it has as many characters as `least`.
   */
  find(text: string, least: number): readonly Span[];
}

/** Of a longer value the beginning is looked for; where that is, everything up to the end of the text counts. */
const longest = 1_024;
/** Characters of all values together that are looked for. */
const most = 300_000;

/** A finder of some values, none of them empty; `undefined` when they are too much to look for. */
export function createValueFinder(values: readonly string[]): ValueFinder | undefined {
  // What an iterator takes for one character may be two.
  const states = createStates(2 * new Set(values.join("")).size);
  const reached = new Int32Array(values.length);
  let growing = Array.from(values, (_value, at) => at);
  // A character of each at a time: where to go on after a dead end is known of all that are shorter.
  for (let depth = 1; growing.length > 0; depth++) {
    if (states.count() > most) return undefined;
    growing = growing.filter((at) => {
      const value = values[at] ?? "";
      const state = states.grow(reached[at] ?? 0, value.charCodeAt(depth - 1), depth);
      reached[at] = state;
      if (depth < value.length && depth < longest) return true;
      states.end(state, depth, depth < value.length);
      return false;
    });
  }
  return { find: (text, least) => findIn(text, states, least) };
}

/** What was read so far, as far as it is the beginning of a value: the automaton of Aho and Corasick. */
interface States {
  count(): number;
  /** The state one character on from a state, `depth` from the start; it is made if there is none. */
  grow(state: number, unit: number, depth: number): number;
  /** Notes that a value ends here; `open` when the text is hidden from there on. */
  end(state: number, depth: number, open: boolean): void;
  /** Where a character leads, from whatever the longest beginning is that it goes on. */
  step(state: number, unit: number): number;
  depth(state: number): number;
  /** How long the longest value is that ends here; 0 when none does. */
  ending(state: number): number;
  isOpen(state: number): boolean;
}

/** States over an alphabet of so many characters at most. */
function createStates(characters: number): States {
  // Numbered from 0, so that a state and a character are one small number together.
  const letters = new Map<number, number>();
  const next = new Map<number, number>();
  const depths = [0];
  const fallbacks = [0];
  const endings = [0];
  const opens = [false];
  const stepBy = (from: number, letter: number): number => {
    for (let state = from; ; state = fallbacks[state] ?? 0) {
      const to = next.get(state * characters + letter);
      if (to !== undefined) return to;
      if (state === 0) return 0;
    }
  };
  return {
    count: () => depths.length,
    depth: (state) => depths[state] ?? 0,
    ending: (state) => endings[state] ?? 0,
    isOpen: (state) => opens[state] ?? false,
    step(state, unit) {
      const letter = letters.get(unit);
      return letter === undefined ? 0 : stepBy(state, letter);
    },
    grow(state, unit, depth) {
      const letter = letters.get(unit) ?? letters.size;
      letters.set(unit, letter);
      const key = state * characters + letter;
      const there = next.get(key);
      if (there !== undefined) return there;
      const fallback = state === 0 ? 0 : stepBy(fallbacks[state] ?? 0, letter);
      const made = depths.push(depth) - 1;
      next.set(key, made);
      fallbacks.push(fallback);
      endings.push(endings[fallback] ?? 0);
      opens.push(opens[fallback] ?? false);
      return made;
    },
    end(state, depth, open) {
      endings[state] = depth;
      opens[state] ||= open;
    },
  };
}

function findIn(text: string, states: States, least: number): readonly Span[] {
  const spans: [number, number][] = [];
  const cover = (from: number, to: number): void => {
    let start = from;
    for (let last = spans.at(-1); last !== undefined && last[1] >= start; last = spans.at(-1)) {
      start = Math.min(start, last[0]);
      spans.pop();
    }
    spans.push([start, to]);
  };
  let state = 0;
  for (let at = 0; at < text.length; at++) {
    state = states.step(state, text.charCodeAt(at));
    const ending = states.ending(state);
    if (ending === 0) continue;
    if (states.isOpen(state)) {
      cover(at + 1 - ending, text.length);
      return spans;
    }
    cover(at + 1 - ending, at + 1);
  }
  const begun = states.depth(state);
  if (begun >= least) cover(text.length - begun, text.length);
  return spans;
}
