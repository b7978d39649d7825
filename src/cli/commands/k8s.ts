import { existsSync, readFileSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { defaults } from "../../core/defaults.ts";
import { parseDuration } from "../../core/duration.ts";
import { openContext } from "../command-context.ts";
import { helmValuesOf } from "../k8s/helm-values.ts";
import { applicationOf, type ApplicationOptions } from "../k8s/application.ts";
import { migrationOf, taskOf, workersOf } from "../k8s/manifests.ts";
import { parsePackage } from "../init/package-file.ts";
import { noteOnTsx } from "../k8s/missing-tsx.ts";
import { type TaskOptions, tasksOf } from "../k8s/tasks.ts";
import { yamlText } from "../k8s/yaml-text.ts";
import { readNumber } from "../option-values.ts";
import type { Terminal } from "../terminal.ts";

interface K8sOptions extends ApplicationOptions, TaskOptions {
  readonly helm?: boolean;
}

/** `holdfast k8s`: manifests that run what the project has. */
export function addK8s(program: Command, terminal: Terminal): void {
  program
    .command("k8s")
    .description(
      "print Kubernetes manifests: workers, the migration, and tasks that run to their end",
    )
    .option("--image <image>", "the image to run (default: the package's name and version)")
    .option("--name <name>", "names the objects (default: the package's name)")
    .option("--namespace <name>", "the namespace to name in them")
    .option(
      "--secret <name>",
      "the secret whose DATABASE_URL is the database (default: NAME-database)",
    )
    .option(
      "--env-from <source>",
      "a secret:NAME or configmap:NAME whose variables all pods get; more than once if need be",
      collect,
    )
    .option("--replicas <count>", "how many workers", readNumber, 2)
    .option("--health-port <port>", "where workers answer probes and Prometheus", readNumber, 9090)
    .option(
      "--drain <duration>",
      "how long running jobs may go on (default: the configuration's, 30s)",
    )
    .option("--queues <list>", "the queues the workers serve, as for holdfast work")
    .option(
      "--job <name>",
      "also a Job for this entry of holdfast init --job; more than once if need be",
      collect,
    )
    .option(
      "--cron <name=times>",
      "or a CronJob, such as 'import-orders=0 3 * * *', in UTC",
      collect,
    )
    .option("--helm", "print values for a Helm chart instead")
    .addHelpText("after", help)
    .action((options: K8sOptions, command: Command) => printManifests(options, command, terminal));
}

async function printManifests(
  options: K8sOptions,
  command: Command,
  terminal: Terminal,
): Promise<void> {
  const { config, print } = await openContext(command, terminal);
  const { drain = defaults.drainMs, grace = defaults.graceMs } = config.worker ?? {};
  const drainMs = parseDuration(options.drain ?? drain, "--drain");
  const file = parsePackage(textOf("package.json")) ?? {};
  const application = applicationOf(options, file, drainMs + parseDuration(grace, "grace"));
  const tasks = tasksOf(options, application.name, file);
  const note = noteOnTsx(file, tasks);
  if (note !== undefined) print.note(note);
  if (options.helm === true) {
    const values = helmValuesOf(application, tasks);
    print.result(values, () => yamlText(values).trimEnd());
    return;
  }
  const items = [
    migrationOf(application),
    workersOf(application),
    ...tasks.map((task) => taskOf(application, task)),
  ];
  const list = { apiVersion: "v1", kind: "List", items };
  print.result(list, () =>
    items
      .map((each) => yamlText({ ...each }))
      .join("---\n")
      .trimEnd(),
  );
}

const help = `
Put the database's URL where the manifests look for it, and apply them; a Job cannot be changed, so the last release's goes first:
  kubectl create secret generic NAME-database --from-literal=DATABASE_URL="$DATABASE_URL"
  kubectl delete job NAME-migrate --ignore-not-found
  holdfast k8s --image registry.example.com/app:42 | kubectl apply -f -`;

function collect(value: string, before: readonly string[] = []): readonly string[] {
  if (value === "") throw new InvalidArgumentError("It must not be empty.");
  return [...before, value];
}

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
