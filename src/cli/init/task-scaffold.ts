import { wrongUsage } from "../exit-codes.ts";
import { layoutOf } from "./layout.ts";
import { neededPackages } from "./needed-packages.ts";
import { packageManagers } from "./package-manager.ts";
import type { Project } from "./read-project.ts";
import type { Scaffold } from "./scaffold.ts";
import { taskText } from "./templates.ts";

const kebabCase = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * A process that does one thing and ends, such as a migration or a nightly import.
 *
 * @throws {HoldfastError} `INVALID_OPTION` when the name is not in kebab-case, which goes into names of files, scripts and services.
 */
export function taskScaffold(project: Project, name: string): Scaffold {
  if (!kebabCase.test(name)) {
    throw wrongUsage(
      `--job takes a name of lower-case words joined by dashes, such as import-orders; got ${JSON.stringify(name)}.`,
    );
  }
  const layout = layoutOf(project);
  const file = `${layout.base}${name}.${layout.endings.program}`;
  const { run } = packageManagers[project.packageManager];
  return {
    files: [{ name: file, text: taskText(name), is: "does its work and ends" }],
    scripts: [{ name: `job:${name}`, command: `${layout.runner} ${file}` }],
    ignores: [],
    needs: neededPackages(project, layout),
    next: [{ command: `${run} job:${name}`, does: "run it" }],
    advice: [],
  };
}
