import type { Task } from "./manifest.ts";
import type { PackageFile } from "../init/package-file.ts";
import { usesTsx } from "./script-command.ts";

/** Names a worker's script has, as `holdfast init` writes it. */
const workerScripts: readonly string[] = ["worker", "jobs:worker"];

/** What to know of scripts that run with tsx where an image without development packages has none. */
export function noteOnTsx(
  { scripts = {}, dependencies = {} }: PackageFile,
  tasks: readonly Task[],
): string | undefined {
  if (dependencies["tsx"] !== undefined) return undefined;
  const names = new Set([...workerScripts, ...tasks.map(({ name }) => `job:${name}`)]);
  const using = [...names].filter((name) => usesTsx(scripts[name] ?? ""));
  if (using.length === 0) return undefined;
  return `${using.join(", ")} of package.json run with tsx, which npm ci --omit=dev does not install: move tsx from devDependencies to dependencies.`;
}
