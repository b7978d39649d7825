import { type Application, labelsOf, type Manifest, metadataOf, type Task } from "./manifest.ts";
import { holdfast, podOf, workCommand } from "./pod.ts";

/** A task that hangs is ended after a day. */
const taskSeconds = 86_400;

/** What is over is kept so long for whoever looks at its log. */
const keptSeconds = 86_400;

/** A task ends at once when it is told to, but for what it has open. */
const taskEndsWithinSeconds = 30;

/** The workers: as many pods as are wanted, replaced one by one, each ending its jobs first. */
export function workersOf(application: Application): Manifest {
  const { name, replicas, healthPort, endsWithinSeconds } = application;
  const probe = (path: string) => ({ httpGet: { path, port: "health" }, timeoutSeconds: 4 });
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(application, "worker"),
    spec: {
      replicas,
      revisionHistoryLimit: 3,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: labelsOf(name, "worker") },
      template: podOf(application, {
        part: "worker",
        // The schema is the migration's business, so that of many pods none waits for another.
        command: workCommand(application),
        endsWithinSeconds,
        restart: "Always",
        more: {
          ports: [{ name: "health", containerPort: healthPort }],
          startupProbe: { ...probe("/livez"), periodSeconds: 2, failureThreshold: 30 },
          livenessProbe: { ...probe("/livez"), periodSeconds: 10, failureThreshold: 3 },
          readinessProbe: { ...probe("/readyz"), periodSeconds: 5, failureThreshold: 2 },
        },
      }),
    },
  };
}

/** The migration, to be run before the workers of a release. */
export function migrationOf(application: Application): Manifest {
  return jobOf(application, { name: "migrate", command: [holdfast, "migrate"] });
}

/** A task that runs to its end: a Job, or a CronJob when it has times. */
export function taskOf(application: Application, task: Task): Manifest {
  const job = jobOf(application, task);
  if (task.cron === undefined) return job;
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: job.metadata,
    spec: {
      schedule: task.cron,
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: { spec: job.spec },
    },
  };
}

function jobOf(application: Application, { name, command }: Task): Manifest {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: metadataOf(application, name),
    spec: {
      backoffLimit: 3,
      activeDeadlineSeconds: taskSeconds,
      ttlSecondsAfterFinished: keptSeconds,
      template: podOf(application, {
        part: name,
        command,
        endsWithinSeconds: taskEndsWithinSeconds,
        restart: "Never",
      }),
    },
  };
}
