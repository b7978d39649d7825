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
 * Tries commands as a reader would: ours are run one after the other in `folder`, npm's scripts and packages and the files given to
 * node must exist. Gives what is wrong with them.
 */
export function tryCommands(commands: readonly ShellCommand[], folder: string): readonly string[] {
  const isOurs = ({ words }: ShellCommand) => words[0] === "npx" && words[1] === "holdfast";
  const ours = commands.filter(isOurs);
  const others = commands.filter((command) => !isOurs(command));
  return [
    ...others.flatMap((command) => describe(command, complain(command.words))),
    ...runHoldfast(ours, folder).flatMap(({ code, said }, index) =>
      describe(ours[index], code === 0 ? undefined : `exit code ${code}: ${said}`),
    ),
  ];
}

function describe(command: ShellCommand | undefined, complaint: string | undefined) {
  if (command === undefined || complaint === undefined) return [];
  return [`${command.place} ${command.words.join(" ")}: ${complaint}`];
}

function complain([program, first = "", second = ""]: readonly string[]): string | undefined {
  if (program === "node") return existsSync(root + first) ? undefined : "no such file";
  if (program !== "npm") return "only npm, node and npx holdfast are known here";
  const script = first === "run" ? second : first;
  if (script in manifest.scripts || first === "init") return undefined;
  if (first !== "i") return "no such script";
  const packages = { ...manifest.peerDependencies, ...manifest.devDependencies };
  return second in packages ? undefined : "not a package we use";
}

interface CommandEnd {
  readonly code: number;
  readonly said: string;
}

/** In one process: starting one for each took longer than all of them together. */
function runHoldfast(commands: readonly ShellCommand[], folder: string): readonly CommandEnd[] {
  const lines = commands.map(({ words }) => words.slice(2));
  const runner = `${root}test/repo/docs/run-commands.mjs`;
  const options = { cwd: folder, encoding: "utf8" } as const;
  const { stdout, stderr } = spawnSync(process.execPath, [runner, JSON.stringify(lines)], options);
  const ends = stdout === "" ? [] : (JSON.parse(stdout) as readonly CommandEnd[]);
  if (ends.length !== lines.length) throw new Error(`the commands did not run: ${stderr}`);
  return ends;
}
