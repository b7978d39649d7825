/** What a key was pressed with, as far as shortcuts care. */
export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  /** True while the reader writes something. */
  readonly typing: boolean;
}

/** A second key has to follow within this time. */
const sequenceMs = 1_200;

/**
 * Finds shortcuts among key presses. A shortcut is a key (`?`), two in a row (`g j`), or one with Ctrl or Cmd (`mod+k`),
 * which alone works while one writes.
 */
export class KeyMap {
  readonly #actions = new Map<string, (() => void)[]>();
  #first: { readonly key: string; readonly at: number } | undefined;

  /** Adds a shortcut until the function it returns is called; of two with the same keys the later one counts. */
  add(keys: string, action: () => void): () => void {
    const stack = this.#actions.get(keys) ?? [];
    this.#actions.set(keys, [...stack, action]);
    return () => {
      const left = (this.#actions.get(keys) ?? []).filter((each) => each !== action);
      if (left.length > 0) this.#actions.set(keys, left);
      else this.#actions.delete(keys);
    };
  }

  /** The action a key press leads to; undefined when it leads to none. */
  find(press: Press, now: number): (() => void) | undefined {
    if (press.ctrlKey || press.metaKey) return this.#action(`mod+${press.key.toLowerCase()}`);
    if (press.typing || press.altKey || press.key.length !== 1) return undefined;
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined && now - first.at < sequenceMs) {
      const second = this.#action(`${first.key} ${press.key}`);
      if (second !== undefined) return second;
    }
    const action = this.#action(press.key);
    if (action === undefined) this.#first = { key: press.key, at: now };
    return action;
  }

  #action(keys: string): (() => void) | undefined {
    return this.#actions.get(keys)?.at(-1);
  }
}
