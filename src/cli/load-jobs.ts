import path from "node:path";
import type { BatchHandler } from "../core/batch.ts";
import type { JobHandler } from "../core/define-job.ts";
import type { EnqueueableJob } from "../core/job-request.ts";
import { isHandler } from "../runtime/worker-options.ts";
import { wrongUsage } from "./exit-codes.ts";
import { filesOf } from "./glob.ts";
import { importModule } from "./import-module.ts";

/** What modules of the application export, by the names of the jobs. */
export interface LoadedJobs {
  readonly definitions: ReadonlyMap<string, LoadedDefinition>;
  readonly handlers: ReadonlyMap<string, LoadedHandler>;
}

/** A definition of the application; its payload's type is between the two. */
export type LoadedDefinition = EnqueueableJob<unknown>;

/** A handler of the application; what services it wants is between the two. */
export type LoadedHandler = JobHandler<unknown> | BatchHandler<unknown>;

/**
 * The definitions and handlers modules export, alone or in arrays. A thing that several modules export counts once.
 *
 * @throws {HoldfastError} `INVALID_OPTION` when a pattern means no file, a module cannot be loaded, all of them export no
 * definition, or two definitions or handlers are of one name.
 */
export async function loadJobs(patterns: readonly string[], folder: string): Promise<LoadedJobs> {
  const definitions = new Map<string, LoadedDefinition>();
  const handlers = new Map<string, LoadedHandler>();
  for (const file of patterns.flatMap((pattern) => filesFor(pattern, folder))) {
    const shown = path.relative(process.cwd(), file) || file;
    for (const found of Object.values(await importModule(shown)).flatMap(exported)) {
      if ("handler" in found)
        put(
          handlers,
          found.handler.definition.name,
          found.handler,
          `${shown} exports two handlers`,
        );
      const { definition } = found;
      put(definitions, definition.name, definition, `${shown} exports two definitions`);
    }
  }
  if (definitions.size > 0) return { definitions, handlers };
  throw wrongUsage(
    `${patterns.join(", ")} exports no definition made by defineJob and no handler; export them by any name.`,
  );
}

function filesFor(pattern: string, folder: string): readonly string[] {
  const files = filesOf(pattern, folder);
  if (files.length > 0) return files;
  throw wrongUsage(`${pattern} could not be loaded: there is no such file in ${folder}.`);
}

type Exported =
  | { readonly definition: LoadedDefinition }
  | { readonly definition: LoadedDefinition; readonly handler: LoadedHandler };

function exported(value: unknown): readonly Exported[] {
  if (Array.isArray(value)) return value.flatMap(exported);
  if (typeof value !== "object" || value === null) return [];
  if (isLoadedHandler(value)) {
    const { definition } = value;
    return isDefinition(definition) ? [{ definition, handler: value }] : [];
  }
  return isDefinition(value) ? [{ definition: value }] : [];
}

function isLoadedHandler(value: object): value is LoadedHandler {
  return isHandler(value);
}

function isDefinition(value: object): value is LoadedDefinition {
  return "policy" in value && "request" in value;
}

function put<Value>(into: Map<string, Value>, name: string, value: Value, twice: string): void {
  const known = into.get(name);
  if (known !== undefined && known !== value) {
    throw wrongUsage(`${twice} called ${JSON.stringify(name)}, or another module does; keep one.`);
  }
  into.set(name, value);
}
