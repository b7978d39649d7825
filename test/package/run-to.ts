import { type ChildProcess, exec, execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);
const executeLine = promisify(exec);

/** What a Node program prints; it must end well. */
export function runTo(args: readonly string[], cwd: string): Promise<string> {
  return run(process.execPath, args, cwd);
}

/** What npm prints: the one that belongs to this Node, as in a shell of its own. */
export function npm(args: readonly string[], cwd: string): Promise<string> {
  return run("npm", [...args, "--ignore-scripts", "--no-audit", "--no-fund"], cwd);
}

/** What a command line prints, as a reader would type it; it must end well. */
export async function shell(line: string, cwd: string): Promise<string> {
  const { stdout } = await executeLine(line, { cwd, env: frugalEnvironment() });
  return stdout;
}

/** Starts a command line that runs on, as the leader of a group: what it starts hears signals as at a terminal. */
export function startShell(line: string, cwd: string): ChildProcess {
  return spawn(line, { cwd, env: frugalEnvironment(), shell: true, detached: true });
}

/** Whatever installs takes what was fetched before, and workers say what they do. */
function frugalEnvironment(): NodeJS.ProcessEnv {
  const npmSettings = {
    audit: "false",
    fund: "false",
    ignore_scripts: "true",
    prefer_offline: "true",
  };
  const entries = Object.entries(npmSettings).map(([name, value]) => [`npm_config_${name}`, value]);
  return {
    ...cleanEnvironment(),
    HOLDFAST_LOG: "info",
    ...(Object.fromEntries(entries) as NodeJS.ProcessEnv),
  };
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
