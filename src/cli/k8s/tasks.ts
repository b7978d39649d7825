import { wrongUsage } from "../exit-codes.ts";
import { problemWithTimes } from "./cron-times.ts";
import type { Task } from "./manifest.ts";
import { checkLabel, isLabel } from "./object-name.ts";
import type { PackageFile } from "../init/package-file.ts";
import { commandOfScript } from "./script-command.ts";

/** Which tasks the command line names. */
export interface TaskOptions {
  readonly job?: readonly string[];
  readonly cron?: readonly string[];
}

type NamedTask = Omit<Task, "command">;

/** How long the name of an object may be; a CronJob adds a number to that of its Jobs. */
const longest = { "--job": 63, "--cron": 52 } as const;

/** Objects the application has anyway. */
const reserved: readonly string[] = ["worker", "migrate"];

/**
 * The tasks of an application that are named, each with the command of its script in `package.json`.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for a name or times Kubernetes does not take, for two objects of one name, and for a task
 * without a script.
 */
export function tasksOf(
  { job = [], cron = [] }: TaskOptions,
  application: string,
  file: PackageFile,
): readonly Task[] {
  const jobs = job.map((name) => ({ name }));
  const timed = cron.map((text) => timedTask(text));
  checkNames("--job", application, jobs);
  checkNames("--cron", application, timed);
  return [...jobs, ...timed].map((task) => ({ ...task, command: commandOf(task.name, file) }));
}

function timedTask(text: string): NamedTask {
  const at = text.indexOf("=");
  const fields = text
    .slice(at + 1)
    .trim()
    .split(/\s+/);
  const problem = at < 1 ? "the name is missing" : problemWithTimes(fields);
  if (problem === undefined) return { name: text.slice(0, at), cron: fields.join(" ") };
  throw wrongUsage(
    `--cron must be name=times with five fields, such as 'import-orders=0 3 * * *'; got ${JSON.stringify(text)}: ${problem}.`,
  );
}

function checkNames(
  option: keyof typeof longest,
  application: string,
  tasks: readonly NamedTask[],
): void {
  const names = tasks.map(({ name }) => checkLabel(option, name));
  for (const [i, name] of names.entries()) {
    if (reserved.includes(name)) {
      throw wrongUsage(`${option} ${name}: ${application}-${name} is in the manifests anyway.`);
    }
    if (names.indexOf(name) < i) {
      throw wrongUsage(`${option} ${name} is given twice; its object can have one meaning only.`);
    }
    const object = `${application}-${name}`;
    if (!isLabel(object, longest[option])) {
      throw wrongUsage(
        `${option} ${name}: the name ${object} is longer than ${longest[option]}; give a shorter --name.`,
      );
    }
  }
}

function commandOf(name: string, { scripts = {} }: PackageFile): readonly string[] {
  const script = scripts[`job:${name}`];
  if (script !== undefined) return commandOfScript(script);
  const there = Object.keys(scripts).filter((each) => each.startsWith("job:"));
  const known =
    there.length === 0 ? "" : ` There are: ${there.map((each) => each.slice(4)).join(", ")}.`;
  throw wrongUsage(
    `package.json has no script job:${name}; holdfast init --job ${name} writes one.${known}`,
  );
}
