import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The compiled command line. */
export const mainFile = fileURLToPath(new URL("cli/main.js", import.meta.resolve("holdfast")));

/** How the command line is run. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is run instead of the compiled file, such as a link to it. */
  readonly bin?: string;
}

/** Runs the command line in a process of its own, which knows of no database. */
export function runHoldfast(
  args: readonly string[],
  { cwd, env = {}, bin = mainFile }: RunOptions,
): { readonly code: number | null; readonly out: string; readonly err: string } {
  const { HOLDFAST_URL: _, DATABASE_URL: __, ...inherited } = process.env;
  const run = spawnSync(process.execPath, [bin, ...args], {
    encoding: "utf8",
    cwd,
    env: { ...inherited, ...env },
    timeout: 20_000,
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

/** The arguments that name a database. */
export function argsOf(place: { readonly url: string; readonly schema?: string }): string[] {
  const { url, schema } = place;
  return ["--url", url, ...(schema === undefined ? [] : ["--schema", schema])];
}
