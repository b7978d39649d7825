import type { Application, Task, Value } from "./manifest.ts";
import { holdfast, workCommand } from "./pod.ts";

/** The same application as values for a chart of your own. */
export function helmValuesOf(
  application: Application,
  tasks: readonly Task[],
): { readonly [key: string]: Value } {
  const { name, image, secret, envFrom, replicas, healthPort, endsWithinSeconds } = application;
  const at = image.lastIndexOf(":");
  const tagged = at > image.lastIndexOf("/");
  return {
    [camelCase(name)]: {
      image: {
        repository: tagged ? image.slice(0, at) : image,
        tag: tagged ? image.slice(at + 1) : "latest",
      },
      databaseSecret: { name: secret, key: "DATABASE_URL" },
      ...(envFrom.length === 0 ? {} : { envFrom }),
      workers: {
        replicas,
        command: workCommand(application),
        terminationGracePeriodSeconds: endsWithinSeconds,
        probes: { port: healthPort, liveness: "/livez", readiness: "/readyz", metrics: "/metrics" },
      },
      migration: {
        command: [holdfast, "migrate"],
        annotations: {
          "helm.sh/hook": "pre-install,pre-upgrade",
          "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded",
        },
      },
      tasks: tasks.map((task) => ({
        name: task.name,
        command: task.command,
        ...(task.cron === undefined ? {} : { schedule: task.cron }),
      })),
    },
  };
}

function camelCase(name: string): string {
  return name.replace(/-+(.)/g, (_, letter: string) => letter.toUpperCase());
}
