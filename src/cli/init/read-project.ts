import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import {
  companionAmong,
  type Framework,
  frameworks,
  type Orm,
  orms,
  usesPostgres,
} from "./companions.ts";
import { namedPackages, type PackageFile, parsePackage } from "./package-file.ts";
import { type PackageManager, packageManagerIn } from "./package-manager.ts";
import { readTsConfig, type TsConfig } from "./tsconfig.ts";

/** Whether code is written with types or without. */
export type Language = "TypeScript" | "JavaScript";

/** What is known of the project that `holdfast init` is called in. */
export interface Project {
  readonly folder: string;
  readonly packageFile: PackageFile | undefined;
  readonly packageManager: PackageManager;
  readonly tsconfig: TsConfig | undefined;
  readonly language: Language;
  readonly orm: Orm | undefined;
  readonly framework: Framework | undefined;
  readonly database: "sqlite" | "postgres";
  /** Where its sources are: `"src/"`, or `""` for its root. */
  readonly base: string;
  /** What this Node does by itself. */
  readonly node: { readonly runsTypeScript: boolean; readonly hasSqlite: boolean };
  /** What a file of it holds; undefined when there is none. */
  read(name: string): string | undefined;
  /** Whether code in it can import a package. */
  hasPackage(name: string): boolean;
}

/**
 * Looks at a folder: nothing in it is run or changed.
 *
 * @throws {HoldfastError} `INVALID_OPTION` when its `package.json` cannot be read.
 */
export function readProject(folder: string, wanted: Language | undefined): Project {
  const read = (name: string) => readText(path.join(folder, name));
  const packageFile = parsePackage(read("package.json"));
  const uses = namedPackages(packageFile ?? {});
  const tsconfig = readTsConfig("tsconfig.json", read);
  const earlier = earlierLanguage(folder);
  const isTyped = tsconfig !== undefined || uses.has("typescript");
  const isPostgres = usesPostgres(uses, read("prisma/schema.prisma"));
  return {
    folder,
    packageFile,
    packageManager: packageManagerOf(folder),
    tsconfig,
    language: wanted ?? earlier ?? (isTyped ? "TypeScript" : "JavaScript"),
    orm: companionAmong(orms, uses),
    framework: companionAmong(frameworks, uses),
    database: isPostgres ? "postgres" : "sqlite",
    base: existsSync(path.join(folder, "src")) ? "src/" : "",
    node: {
      runsTypeScript: Boolean(Reflect.get(process.features, "typescript")),
      hasSqlite: process.getBuiltinModule("node:sqlite") !== undefined,
    },
    read,
    hasPackage: (name) => canImport(folder, name),
  };
}

function readText(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** The language of what an earlier `holdfast init` wrote, so that another one asks for no more. */
function earlierLanguage(folder: string): Language | undefined {
  const endings = ["", "src/"].flatMap((base) =>
    ["ts", "mts", "js", "mjs"].filter((ending) =>
      existsSync(path.join(folder, `${base}jobs/client.${ending}`)),
    ),
  );
  if (endings.length === 0) return undefined;
  return endings.some((ending) => ending.endsWith("ts")) ? "TypeScript" : "JavaScript";
}

/** In a workspace the lockfile lies above the package. */
function packageManagerOf(folder: string): PackageManager {
  const named = parsePackage(readText(path.join(folder, "package.json")))?.packageManager;
  const found = packageManagerIn(named, readdirSync(folder));
  if (found !== undefined) return found;
  const parent = path.dirname(folder);
  const isTop = parent === folder || existsSync(path.join(folder, ".git"));
  return isTop ? "npm" : packageManagerOf(parent);
}

/** As Node looks for a package that is imported: in the `node_modules` of the folder and of those above it. */
function canImport(folder: string, name: string): boolean {
  if (existsSync(path.join(folder, "node_modules", name, "package.json"))) return true;
  const parent = path.dirname(folder);
  return parent !== folder && canImport(parent, name);
}
