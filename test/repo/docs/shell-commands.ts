import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { type CodeBlock, root } from "./pages.ts";

/** A line of a shell block, without its remark. */
export interface ShellCommand {
  readonly words: readonly string[];
  readonly place: string;
}

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as Manifest;

/** The commands of shell blocks, in order. */
export function shellCommands(blocks: readonly CodeBlock[]): readonly ShellCommand[] {
  return blocks.flatMap(({ code, place }) =>
    code
      .split("\n")
      .map((line) => line.replace(/\s+#.*$/, "").trim())
      .filter((line) => line !== "")
      .map((line) => ({ words: line.split(/\s+/), place })),
  );
}

/**
 * Tries a command as a reader would: ours is run in `folder`, npm's scripts and packages and the files given to node must
 * exist. Gives what is wrong with it, or `undefined`.
 */
export function tryCommand({ words, place }: ShellCommand, folder: string): string | undefined {
  const [program = "", ...args] = words;
  const complaint = complain(program, args, folder);
  return complaint === undefined ? undefined : `${place} ${words.join(" ")}: ${complaint}`;
}

function complain(program: string, args: readonly string[], folder: string): string | undefined {
  const [first = "", second = ""] = args;
  if (program === "npx" && first === "holdfast") return runHoldfast(args.slice(1), folder);
  if (program === "node") return existsSync(root + first) ? undefined : "no such file";
  if (program !== "npm") return "only npm, node and npx holdfast are known here";
  const script = first === "run" ? second : first;
  if (script in manifest.scripts) return undefined;
  if (first !== "i") return "no such script";
  const packages = { ...manifest.peerDependencies, ...manifest.devDependencies };
  return second in packages ? undefined : "not a package we use";
}

function runHoldfast(args: readonly string[], folder: string): string | undefined {
  const ran = spawnSync(process.execPath, [`${root}dist/cli/main.js`, ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return ran.status === 0 ? undefined : `exit code ${ran.status}: ${ran.stderr}`;
}
