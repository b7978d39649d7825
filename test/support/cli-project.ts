import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { runHoldfast, type RunningHoldfast, startHoldfast } from "./run-holdfast.ts";

/** A folder of an application, and the command line in it. */
export interface CliProject {
  readonly folder: string;
  holdfast(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): ReturnType<typeof runHoldfast>;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): RunningHoldfast;
}

/** How a module of an application names the package: by where it is. */
export const holdfastModule = JSON.stringify(import.meta.resolve("holdfast"));

/** Folders of applications with these files, one for each call; removed when the test file has ended. */
export function cliProjects(): (files?: Readonly<Record<string, string>>) => CliProject {
  const root = mkdtempSync(path.join(tmpdir(), "holdfast-cli-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  let folders = 0;
  return (files = {}) => {
    const folder = path.join(root, String(++folders));
    mkdirSync(folder);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    return {
      folder,
      holdfast: (args, env = {}) => runHoldfast(args, { cwd: folder, env }),
      start: (args, env = {}) => startHoldfast(args, { cwd: folder, env }),
    };
  };
}
