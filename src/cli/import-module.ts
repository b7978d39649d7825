import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { wrongUsage } from "./exit-codes.ts";

const typeScript = /\.[cm]?ts$/;

/** What Node says of TypeScript it cannot load: all of it, or what is more than types. */
const aboutTypeScript = [
  "ERR_UNKNOWN_FILE_EXTENSION",
  "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX",
  "ERR_INVALID_TYPESCRIPT_SYNTAX",
];

/**
 * Loads a module of the application by its file; TypeScript that Node does not read by itself is read with tsx where the
 * application has it.
 *
 * @throws {HoldfastError} `INVALID_OPTION` when it cannot be loaded, saying what to do about TypeScript this Node cannot run.
 */
export async function importModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  const whole = path.resolve(file);
  try {
    await useTsx(whole);
    return (await import(pathToFileURL(whole).href)) as Record<string, unknown>;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const where = placeOf(error);
    throw wrongUsage(`${file} could not be loaded: ${why}${where}${adviceFor(file, error)}`, error);
  }
}

/** Where Node could not read on, which stands before the message of the stack alone. */
function placeOf(error: unknown): string {
  if (!(error instanceof SyntaxError)) return "";
  const place = /^(?:file:\/\/)?(\/.*:\d+)$/m.exec(error.stack ?? "")?.[1];
  return place === undefined ? "" : ` (${place})`;
}

/** A configuration in JavaScript may import TypeScript as well, so it is not asked what a file is. Loading tsx puts it to work. */
async function useTsx(file: string): Promise<void> {
  const readsTypeScript = Boolean(Reflect.get(process.features, "typescript"));
  const tsx = readsTypeScript ? undefined : findTsx(file);
  if (tsx !== undefined) await import(pathToFileURL(tsx).href);
}

function findTsx(file: string): string | undefined {
  try {
    return createRequire(file).resolve("tsx");
  } catch {
    return undefined;
  }
}

function adviceFor(file: string, error: unknown): string {
  const code =
    error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (!aboutTypeScript.includes(code) && !(error instanceof SyntaxError && typeScript.test(file)))
    return "";
  return `
This is Node ${process.versions.node}; Node 22.18 and newer load TypeScript whose types can be left out. Use such a Node, name a compiled .js file, or add tsx, which is then used: npm i -D tsx.`;
}
