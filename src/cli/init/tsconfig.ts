/** What of a `tsconfig.json` decides how files of a project may import each other. */
export interface TsConfig {
  /** Imports may end in `.ts`, as Node wants them when it runs TypeScript itself. */
  readonly tsEndings: boolean;
  /** A bundler resolves imports. */
  readonly bundled: boolean;
  /** Packages are resolved the old way, which does not know of `exports` and so not of `holdfast/testing`. */
  readonly oldResolution: boolean;
}

/** The same of one that `init` writes. */
export const freshTsConfig: TsConfig = {
  tsEndings: true,
  bundled: false,
  oldResolution: false,
};

interface RawConfig {
  readonly extends?: string | readonly string[];
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
}

/** Configurations extend each other no deeper than this unless they do so in a circle. */
const deepest = 8;

/**
 * Reads a `tsconfig.json` with those it extends by a relative path; `read` gives a file's text. One that cannot be read counts
 * as empty: the compiler will say what is wrong with it.
 */
export function readTsConfig(
  name: string,
  read: (name: string) => string | undefined,
): TsConfig | undefined {
  if (read(name) === undefined) return undefined;
  const options = optionsOf(name, read, deepest);
  const is = (option: string) => options[option] === true;
  const says = (option: string) => {
    const value = options[option];
    return typeof value === "string" ? value.toLowerCase() : "";
  };
  const resolution = says("moduleResolution");
  const bundled = resolution === "bundler";
  const isOld = says("module") === "commonjs" && resolution === "";
  return {
    tsEndings: is("allowImportingTsExtensions") || is("rewriteRelativeImportExtensions"),
    oldResolution: isOld || ["node", "node10", "classic"].includes(resolution),
    bundled: bundled || ["preserve", "esnext"].includes(says("module")),
  };
}

function optionsOf(
  name: string,
  read: (name: string) => string | undefined,
  depth: number,
): Readonly<Record<string, unknown>> {
  const raw = parse(read(name) ?? "{}");
  const bases = [raw.extends ?? []].flat().filter((base) => base.startsWith(".") && depth > 0);
  const inherited = bases.map((base) => optionsOf(besides(name, base), read, depth - 1));
  return Object.assign({}, ...inherited, raw.compilerOptions) as Record<string, unknown>;
}

function besides(name: string, base: string): string {
  const folder = name.split("/").slice(0, -1).join("/");
  const whole = folder === "" ? base : `${folder}/${base}`;
  return whole.endsWith(".json") ? whole : `${whole}.json`;
}

function parse(text: string): RawConfig {
  const withoutComments = text.replace(
    /("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (_, string: string | undefined) => string ?? "",
  );
  const json = withoutComments.replace(
    /("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g,
    (_, string: string | undefined) => string ?? "",
  );
  try {
    return JSON.parse(json) as RawConfig;
  } catch {
    return {};
  }
}
