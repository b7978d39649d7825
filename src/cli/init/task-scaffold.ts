import { wrongUsage } from "../exit-codes.ts";
import { layoutOf } from "./layout.ts";
import { neededPackages } from "./needed-packages.ts";
import { isForeignScript, type Script } from "./package-file.ts";
import { packageManagers } from "./package-manager.ts";
import type { Project } from "./read-project.ts";
import type { Scaffold, ScaffoldFile } from "./scaffold.ts";
import { taskText } from "./templates.ts";

const kebabCase = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** The programs every project has. */
const reserved: readonly string[] = ["worker", "migrate"];

/** Files that `node --test` runs by their names alone. */
const testName = /^test(-|$)|-test$/;

/**
 * A process that does one thing and ends, such as a nightly import.
 *
 * @throws {HoldfastError} `INVALID_OPTION` when the name is not in kebab-case, which goes into names of files, scripts and services;
 * when it is that of another program or of a test; when a file or script of that name is somebody's own.
 */
export function taskScaffold(project: Project, name: string): Scaffold {
  checkName(name);
  const layout = layoutOf(project);
  const file = {
    name: `${layout.base}${name}.${layout.endings.program}`,
    text: taskText(name),
    is: "does its work and ends",
  };
  const script = { name: `job:${name}`, command: `${layout.runner} ${file.name}` };
  checkFree(project, file, script);
  const { run } = packageManagers[project.packageManager];
  return {
    files: [file],
    scripts: [script],
    ignores: [],
    needs: neededPackages(project, layout),
    next: [{ command: `${run} ${script.name}`, does: "run it" }],
    advice: [],
  };
}

function checkName(name: string): void {
  if (!kebabCase.test(name)) {
    throw wrongUsage(
      `--job takes a name of lower-case words joined by dashes, such as import-orders; got ${JSON.stringify(name)}.`,
    );
  }
  if (reserved.includes(name)) {
    throw wrongUsage(
      `--job ${name}: that is what Holdfast calls a program of its own; give another name.`,
    );
  }
  if (testName.test(name)) {
    throw wrongUsage(
      `--job ${name}: node --test would run the program as a test; give a name without test at its beginning and end.`,
    );
  }
}

/** What is there under the name was made by an earlier call, or is no task of ours. */
function checkFree({ packageFile = {}, read }: Project, file: ScaffoldFile, script: Script): void {
  if (isForeignScript(packageFile, script.name, file.name)) {
    throw wrongUsage(
      `The script ${script.name} of package.json runs something else; give another name.`,
    );
  }
  if (packageFile.scripts?.[script.name] !== undefined) return;
  const text = read(file.name);
  if (text !== undefined && text !== file.text) {
    throw wrongUsage(`${file.name} is there and is no such program; give another name.`);
  }
}
