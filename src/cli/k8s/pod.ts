import { type Application, labelsOf, type Value } from "./manifest.ts";

/** A container, as far as the parts differ. */
export interface Container {
  readonly part: string;
  readonly command: readonly string[];
  /** How long it may take to end. */
  readonly endsWithinSeconds: number;
  readonly restart: "Always" | "Never";
  /** Ports, probes and whatever else only some have. */
  readonly more?: { readonly [key: string]: Value };
}

/** The command line as an image of the application has it. */
export const holdfast = "node_modules/.bin/holdfast";

/** What a worker's container runs. */
export function workCommand({ healthPort, workArguments }: Application): readonly string[] {
  const work = [holdfast, "work", "--no-migrate", "--health-port", String(healthPort)];
  return [...work, ...workArguments];
}

/**
 * A pod of the application: not root, nothing writable but what it needs, and the database's URL from the secret, whatever else
 * its environment comes from. Nothing asks the cluster, so no token is put in.
 */
export function podOf(
  application: Application,
  container: Container,
): { readonly [key: string]: Value } {
  const { name, image, secret, envFrom } = application;
  const { part, command, endsWithinSeconds, restart, more = {} } = container;
  return {
    metadata: { labels: labelsOf(name, part) },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: endsWithinSeconds,
      restartPolicy: restart,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: part,
          image,
          command,
          env: [
            { name: "NODE_ENV", value: "production" },
            {
              name: "DATABASE_URL",
              valueFrom: { secretKeyRef: { name: secret, key: "DATABASE_URL" } },
            },
          ],
          ...(envFrom.length === 0 ? {} : { envFrom }),
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
          ...more,
        },
      ],
    },
  };
}
