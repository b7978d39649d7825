import { HoldfastError } from "../core/errors.ts";
import type { AnyJobDefinition } from "../core/job-request.ts";

/**
 * The handlers, each that has an override replaced by it.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for an override of a job without a handler, `DUPLICATE_DEFINITION` for one of
 * another definition of the same name.
 */
export function overrideHandlers<Handler extends { readonly definition: AnyJobDefinition }>(
  handlers: ReadonlyMap<string, Handler>,
  overrides: ReadonlyMap<string, Handler>,
): ReadonlyMap<string, Handler> {
  for (const [name, { definition }] of overrides) {
    const replaced = handlers.get(name);
    if (replaced === undefined) throw nothingToOverride(name, handlers);
    if (replaced.definition !== definition) throw otherDefinition(name);
  }
  return new Map([...handlers, ...overrides]);
}

function nothingToOverride(name: string, handlers: ReadonlyMap<string, unknown>): HoldfastError {
  const known = handlers.size === 0 ? "none" : [...handlers.keys()].join(", ");
  return new HoldfastError(
    "INVALID_OPTION",
    `createWorker: override replaces the handler of ${JSON.stringify(name)}, but handlers has none of that name; it has ${known}.`,
    { details: { option: "override", name } },
  );
}

function otherDefinition(name: string): HoldfastError {
  return new HoldfastError(
    "DUPLICATE_DEFINITION",
    `createWorker: override has another definition called ${JSON.stringify(name)} than handlers; make the override with the handler's own definition.`,
  );
}
