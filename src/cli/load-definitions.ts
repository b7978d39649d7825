import path from "node:path";
import { pathToFileURL } from "node:url";
import { HoldfastError } from "../core/errors.ts";
import type { AnyJobDefinition } from "../core/job-request.ts";

/**
 * The job definitions a module of the application exports: definitions, handlers, and arrays of them, by name.
 *
 * @throws {HoldfastError} `INVALID_OPTION` when the module cannot be loaded, exports none, or exports two of one name.
 */
export async function loadDefinitions(
  file: string,
): Promise<ReadonlyMap<string, AnyJobDefinition>> {
  const found = new Map<string, AnyJobDefinition>();
  for (const definition of Object.values(await load(file)).flatMap(definitionsIn)) {
    const known = found.get(definition.name);
    if (known !== undefined && known !== definition) {
      throw new HoldfastError(
        "INVALID_OPTION",
        `${file} exports two definitions called ${JSON.stringify(definition.name)}.`,
      );
    }
    found.set(definition.name, definition);
  }
  if (found.size > 0) return found;
  throw new HoldfastError(
    "INVALID_OPTION",
    `${file} exports no definition made by defineJob; export those to be checked.`,
  );
}

async function load(file: string): Promise<object> {
  try {
    return (await import(pathToFileURL(path.resolve(file)).href)) as object;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new HoldfastError("INVALID_OPTION", `${file} could not be loaded: ${why}`, {
      cause: error,
    });
  }
}

function definitionsIn(value: unknown): readonly AnyJobDefinition[] {
  if (Array.isArray(value)) return value.flatMap(definitionsIn);
  if (typeof value !== "object" || value === null) return [];
  if ("definition" in value) return definitionsIn(value.definition);
  return isDefinition(value) ? [value] : [];
}

function isDefinition(value: object): value is AnyJobDefinition {
  return "policy" in value && "request" in value;
}
