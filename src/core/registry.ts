import type { AnyJobDefinition } from "./job-request.ts";
import { HoldfastError } from "./errors.ts";

/** The definitions one client knows, by name. */
export interface Registry {
  /**
   * Takes a definition in; the same one again is fine.
   *
   * @throws {HoldfastError} `DUPLICATE_DEFINITION` when another definition has the name.
   */
  add(definition: AnyJobDefinition): void;
  /** The definition of a name; `undefined` when none has been used. */
  find(name: string): AnyJobDefinition | undefined;
  /** Forgets a definition, so that its name may be defined anew. */
  remove(definition: AnyJobDefinition): void;
}

/** An empty registry. */
export function createRegistry(): Registry {
  const byName = new Map<string, AnyJobDefinition>();
  return {
    add(definition) {
      const known = byName.get(definition.name);
      if (known !== undefined && known !== definition) {
        throw new HoldfastError(
          "DUPLICATE_DEFINITION",
          `Two definitions are called ${JSON.stringify(definition.name)}; define a job once and import it where it is used.`,
        );
      }
      byName.set(definition.name, definition);
    },
    find: (name) => byName.get(name),
    remove(definition) {
      if (byName.get(definition.name) === definition) byName.delete(definition.name);
    },
  };
}
