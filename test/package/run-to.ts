import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** What a Node program prints; it must end well. */
export function runTo(args: readonly string[], cwd: string): Promise<string> {
  return run(process.execPath, args, cwd);
}

/** What npm prints: the one that belongs to this Node, as in a shell of its own. */
export function npm(args: readonly string[], cwd: string): Promise<string> {
  return run("npm", [...args, "--ignore-scripts", "--no-audit", "--no-fund"], cwd);
}

async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await execute(program, args, { cwd, env: cleanEnvironment() });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(`${program} ${args.join(" ")}\n${stdout}${stderr}`, { cause: error });
  }
}

/** The settings npm hands to the scripts it runs are not those of another project. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|config_(local_)?prefix)/.test(name),
  );
  return Object.fromEntries(kept);
}
