import { wrongUsage } from "../exit-codes.ts";
import type { Task } from "./manifest.ts";
import type { PackageFile } from "./package-file.ts";

/** Which tasks the command line names. */
export interface TaskOptions {
  readonly job?: readonly string[];
  readonly cron?: readonly string[];
}

/** A field of the times Kubernetes knows, which has no seconds and none of L, W and #. */
const field = /^(?:[\d*,/-]|[a-z]{3})+$/i;

/**
 * The tasks that are named, each with the command of its script in `package.json`.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for times Kubernetes does not know, and for a task without a script.
 */
export function tasksOf({ job = [], cron = [] }: TaskOptions, file: PackageFile): readonly Task[] {
  const named: readonly Omit<Task, "command">[] = [
    ...job.map((name) => ({ name })),
    ...cron.map((text) => timed(text)),
  ];
  return named.map((task) => ({ ...task, command: commandOf(task.name, file) }));
}

function timed(text: string): Omit<Task, "command"> {
  const at = text.indexOf("=");
  const fields = text
    .slice(at + 1)
    .trim()
    .split(/\s+/);
  if (at >= 1 && fields.length === 5 && fields.every((each) => field.test(each))) {
    return { name: text.slice(0, at), cron: fields.join(" ") };
  }
  throw wrongUsage(
    `--cron must be name=times with five fields, such as 'import-orders=0 3 * * *'; got ${JSON.stringify(text)}.`,
  );
}

function commandOf(name: string, { scripts = {} }: PackageFile): readonly string[] {
  const script = scripts[`job:${name}`];
  if (script !== undefined) return script.trim().split(/\s+/);
  const there = Object.keys(scripts).filter((each) => each.startsWith("job:"));
  const known =
    there.length === 0 ? "" : ` There are: ${there.map((each) => each.slice(4)).join(", ")}.`;
  throw wrongUsage(
    `package.json has no script job:${name}; holdfast init --job ${name} writes one.${known}`,
  );
}
