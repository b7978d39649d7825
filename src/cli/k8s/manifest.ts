/** A Kubernetes object as it is written: plain values, no more. */
export type Value =
  | string
  | number
  | boolean
  | readonly Value[]
  | { readonly [key: string]: Value };

/** One object of the cluster. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly [key: string]: Value };
  readonly spec: { readonly [key: string]: Value };
}

/** What all manifests of an application have in common. */
export interface Application {
  /** Names the objects; a DNS label. */
  readonly name: string;
  readonly namespace: string | undefined;
  readonly image: string;
  /** The secret that holds `DATABASE_URL`. */
  readonly secret: string;
  /** What else is in the environment of all pods. */
  readonly envFrom: readonly { readonly [key: string]: Value }[];
  readonly replicas: number;
  readonly healthPort: number;
  /** How long a pod may take to end: the drain, the grace, and time to close. */
  readonly endsWithinSeconds: number;
  /** What `holdfast work` is told besides. */
  readonly workArguments: readonly string[];
}

/** A process that runs to its end: which, and for a CronJob when. */
export interface Task {
  readonly name: string;
  readonly command: readonly string[];
  readonly cron?: string;
}

/** Name, namespace and labels of an object; `part` tells the objects of an application apart. */
export function metadataOf({ name, namespace }: Application, part: string): Manifest["metadata"] {
  return {
    name: `${name}-${part}`,
    ...(namespace === undefined ? {} : { namespace }),
    labels: labelsOf(name, part),
  };
}

/** The labels a part's pods are found by. */
export function labelsOf(name: string, part: string): { readonly [key: string]: string } {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/component": part };
}
