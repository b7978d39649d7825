import type { Project } from "./read-project.ts";
import { freshTsConfig } from "./tsconfig.ts";

/** A file of the scaffold: where it is, and how its kind of file is imported. */
export interface Layout {
  readonly typed: boolean;
  /** Where sources are: `"src/"` or `""`. */
  readonly base: string;
  /** The endings of modules an application imports, of programs that are started, and of the configuration. */
  readonly endings: { readonly module: string; readonly program: string; readonly config: string };
  /** How a program imports a file, which TypeScript may want to be called by the name it is compiled to. */
  specifier(file: string): string;
  /** How Node runs a program: `node`, with what it takes to read TypeScript. */
  readonly runner: string;
  /** True when programs are run with tsx, because this Node or the project's configuration needs it. */
  readonly needsTsx: boolean;
  /** True when there is no configuration of the compiler yet. */
  readonly freshTsConfig: boolean;
}

/**
 * Where the files of a scaffold go in a project and what they are called.
 *
 * A package that is not `"type": "module"` gets `.mjs` and `.mts`, which are ESM whatever it says. Only what a bundler reads is
 * plain `.ts` there: not every bundler knows `.mts`.
 */
export function layoutOf(project: Project): Layout {
  const typed = project.language === "TypeScript";
  const type = project.packageFile === undefined ? "module" : project.packageFile.type;
  const tsconfig = project.tsconfig ?? freshTsConfig;
  const tail = typed ? "ts" : "js";
  const program = type === "module" ? tail : `m${tail}`;
  const module = typed && tsconfig.bundled && type === undefined ? tail : program;
  const direct = tsconfig.tsEndings;
  const needsTsx = typed && !(direct && project.node.runsTypeScript);
  return {
    typed,
    base: project.base,
    endings: { module, program, config: typed && direct ? program : program.replace("ts", "js") },
    specifier: (file) => (typed && !direct ? file.replace(/ts$/, "js") : file),
    runner: needsTsx ? "node --import tsx" : "node",
    needsTsx,
    freshTsConfig: typed && project.tsconfig === undefined,
  };
}
