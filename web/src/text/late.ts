// Unlike a hook it may be called by whatever a component calls as it renders, so also by an object that is asked for a text.
import { use as waitFor } from "react";

/** Something that is fetched when it is first needed; until it is there, the component that needs it waits. */
export class Late<Value> {
  readonly #load: () => Promise<Value>;
  #coming: Promise<Value> | undefined;
  #value: Value | undefined;

  constructor(load: () => Promise<Value>) {
    this.#load = load;
  }

  /** Fetches it, once. */
  fetch(): Promise<Value> {
    this.#coming ??= this.#load().then((value) => (this.#value = value));
    return this.#coming;
  }

  /** To be called by components as they render; by others only when it was fetched. */
  read(): Value {
    return this.#value ?? waitFor(this.fetch());
  }
}
