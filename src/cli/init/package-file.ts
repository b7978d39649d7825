import { wrongUsage } from "../exit-codes.ts";

/** The parts of a `package.json` that say what a project is made of. */
export interface PackageFile {
  readonly name?: string;
  readonly version?: string;
  readonly type?: string;
  readonly packageManager?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/**
 * Reads the text of a `package.json`; nothing where there is none.
 *
 * @throws {HoldfastError} `INVALID_OPTION` when it is not JSON.
 */
export function parsePackage(text: string | undefined): PackageFile | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as PackageFile;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw wrongUsage(`package.json could not be read: ${why}.`, error);
  }
}

/** A script as it shall be, and what it is for where it is shown. */
export interface Script {
  readonly name: string;
  readonly command: string;
}

/** What became of scripts that were to be added: a name that stands for another command is left as it is. */
export interface ScriptChange {
  readonly text: string;
  readonly added: readonly string[];
  readonly kept: readonly string[];
}

/** The test script of `npm init`, which only fails. */
const placeholder = /^echo .*no test specified.* && exit 1$/;

/** True when a project has a test script of its own, other than the one given. */
export function hasOwnTests({ scripts }: PackageFile, ours: string): boolean {
  const test = scripts?.["test"];
  return test !== undefined && test !== ours && !placeholder.test(test);
}

/** True when a script of a name is there which runs another file than ours; how Node runs a file depends on its version. */
export function isForeignScript({ scripts }: PackageFile, name: string, file: string): boolean {
  const has = scripts?.[name];
  return has !== undefined && !has.endsWith(` ${file}`);
}

/** The packages a project names, whatever they are for. */
export function namedPackages({ dependencies, devDependencies }: PackageFile): ReadonlySet<string> {
  return new Set([...Object.keys(dependencies ?? {}), ...Object.keys(devDependencies ?? {})]);
}

/** The text of a `package.json` with these scripts: the rest, its order and its indentation stay. */
export function addScripts(text: string, scripts: readonly Script[]): ScriptChange {
  const file = JSON.parse(text) as PackageFile;
  const has = file.scripts ?? {};
  const isFree = (name: string) => has[name] === undefined || placeholder.test(has[name]);
  const added = scripts.filter(({ name }) => isFree(name));
  const kept = scripts.filter(({ name, command }) => !isFree(name) && has[name] !== command);
  const entries = added.map(({ name, command }) => [name, command] as const);
  const changed = { ...file, scripts: { ...has, ...Object.fromEntries(entries) } };
  const [, indent = "  "] = /^([ \t]+)"/m.exec(text) ?? [];
  const end = text.endsWith("\n") ? "\n" : "";
  return {
    text: added.length === 0 ? text : JSON.stringify(changed, null, indent) + end,
    added: added.map(({ name }) => name),
    kept: kept.map(({ name }) => name),
  };
}
