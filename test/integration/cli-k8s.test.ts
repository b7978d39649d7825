import { CronJob, Job } from "kubernetes-models/batch/v1";
import { Deployment } from "kubernetes-models/apps/v1";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { cliProjects, holdfastModule } from "../support/cli-project.ts";

const project = cliProjects();
const packageFile = {
  name: "@acme/shop",
  version: "1.2.0+build.7",
  scripts: {
    "job:import-orders": "node import-orders.mjs",
    "job:report": "node --import tsx report.ts && echo done",
  },
  devDependencies: { tsx: "4" },
};
const shop = (worker = "{}") =>
  project({
    "package.json": JSON.stringify(packageFile),
    "holdfast.config.mjs": `import { defineConfig } from ${holdfastModule};
export default defineConfig({ url: "postgres://app:hunter2@db/app", worker: ${worker} });`,
  });

/** The fields of manifests that are looked at. */
interface Read {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: Record<string, never>;
}

/** The schema of each kind, as the project of Kubernetes publishes it. */
const schemas = { Deployment, Job, CronJob };

function read(text: string): readonly Read[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Read);
}

test("holdfast k8s prints manifests that Kubernetes' own schemas take", () => {
  const workers = ["--namespace", "jobs", "--replicas", "3", "--queues", "emails-*=20,default"];
  const tasks = ["--job", "import-orders", "--cron", "import-orders=0 3 * * 1-5"];
  const { code, out, err } = shop().holdfast(["k8s", ...workers, ...tasks]);
  expect([code, err]).toEqual([0, ""]);
  const manifests = read(out);
  expect(manifests.map(({ kind, metadata }) => [kind, metadata.name, metadata.namespace])).toEqual([
    ["Job", "shop-migrate", "jobs"],
    ["Deployment", "shop-worker", "jobs"],
    ["Job", "shop-import-orders", "jobs"],
    ["CronJob", "shop-import-orders", "jobs"],
  ]);
  for (const manifest of manifests) {
    const Schema = schemas[manifest.kind as keyof typeof schemas];
    expect(() => new Schema(manifest as never).validate(), manifest.kind).not.toThrow();
  }
  const broken = structuredClone(manifests[1]) as unknown as { spec: { replicas: unknown } };
  broken.spec.replicas = "three";
  expect(() => new Deployment(broken as never).validate(), "schemas refuse").toThrow();
  expect(out, "secrets stay in the secret").not.toContain("hunter2");
  expect(manifests[1]).toMatchObject({
    spec: {
      replicas: 3,
      template: {
        spec: {
          terminationGracePeriodSeconds: 45,
          containers: [
            {
              image: "shop:1.2.0-build.7",
              livenessProbe: { httpGet: { path: "/livez" } },
              readinessProbe: { httpGet: { path: "/readyz" } },
            },
          ],
        },
      },
    },
  });
  expect(manifests[3]).toMatchObject({
    spec: { schedule: "0 3 * * 1-5", concurrencyPolicy: "Forbid" },
  });
});

test("variables of secrets and config maps go to all pods, and a script that takes a shell or tsx is seen", () => {
  const sources = ["shop-auth", "secret:shop.redis", "configmap:telemetry"];
  const args = ["k8s", ...sources.flatMap((each) => ["--env-from", each]), "--job", "report"];
  const { holdfast } = shop();
  const { code, out, err } = holdfast(args);
  expect(code).toBe(0);
  expect(err).toContain("job:report of package.json run with tsx");
  const envFrom = [
    { secretRef: { name: "shop-auth" } },
    { secretRef: { name: "shop.redis" } },
    { configMapRef: { name: "telemetry" } },
  ];
  const manifests = read(out);
  expect(manifests).toHaveLength(3);
  for (const manifest of manifests) {
    expect(manifest).toMatchObject({ spec: { template: { spec: { containers: [{ envFrom }] } } } });
    const Schema = schemas[manifest.kind as keyof typeof schemas];
    expect(() => new Schema(manifest as never).validate(), manifest.kind).not.toThrow();
  }
  const command = ["sh", "-c", "node --import tsx report.ts && echo done"];
  expect(parse(holdfast([...args, "--helm"]).out)).toMatchObject({
    shop: { envFrom, tasks: [{ name: "report", command }] },
  });
});

test("pods are given the time their workers take to drain, as JSON too, and in values for Helm", () => {
  const { holdfast } = shop('{ drain: "2m", grace: "20s" }');
  const { out } = holdfast(["k8s", "--json"]);
  const { items } = JSON.parse(out) as { items: readonly Read[] };
  const seconds = { spec: { template: { spec: { terminationGracePeriodSeconds: 150 } } } };
  expect(items[1]).toMatchObject(seconds);
  expect(read(holdfast(["k8s"]).out)).toEqual(items);
  const [, other] = read(holdfast(["k8s", "--drain", "10s"]).out);
  expect(other).toMatchObject({
    spec: { template: { spec: { terminationGracePeriodSeconds: 40 } } },
  });
  const values = holdfast([
    "k8s",
    "--helm",
    "--image",
    "registry:5000/shop:42",
    "--job",
    "import-orders",
  ]);
  expect(parse(values.out)).toMatchObject({
    shop: {
      image: { repository: "registry:5000/shop", tag: "42" },
      workers: { terminationGracePeriodSeconds: 150 },
      tasks: [{ name: "import-orders", command: ["node", "import-orders.mjs"] }],
    },
  });
});

test.each([
  [
    ["--job", "nothing"],
    "holdfast init --job nothing writes one. There are: import-orders, report.",
  ],
  [["--cron", "import-orders=0 3 L * *"], "five fields"],
  [["--job", "import-orders", "--job", "import-orders"], "given twice"],
  [["--env-from", "file:.env"], "secret:NAME or configmap:NAME"],
  [["--name", "Shop!"], "--name"],
  [["--replicas", "1.5"], "--replicas"],
  [["--health-port", "0"], "--health-port"],
  [["--drain", "soon"], "--drain"],
  [["--job", ""], "must not be empty"],
])("holdfast k8s %j is wrong usage, and says why", (args, says) => {
  const { code, out, err } = shop().holdfast(["k8s", ...args]);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(says);
});

test("an application without a name is asked for one", () => {
  const { code, err } = project({}).holdfast(["k8s"]);
  expect(code).toBe(2);
  expect(err).toContain("Name the application with --name");
});
