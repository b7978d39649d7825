import { type Layout, layoutOf } from "./layout.ts";
import { isUninstalled, neededPackages } from "./needed-packages.ts";
import { hasOwnTests, isForeignScript, type Script } from "./package-file.ts";
import { packageManagers } from "./package-manager.ts";
import type { Project } from "./read-project.ts";
import type { NextStep, Scaffold, ScaffoldFile } from "./scaffold.ts";
import {
  clientText,
  configText,
  jobText,
  testText,
  tsConfigText,
  workerText,
} from "./templates.ts";

/** All a project needs to have jobs: a configuration, a first job with its test, a worker, and scripts that run them. */
export function jobsScaffold(project: Project): Scaffold {
  const layout = layoutOf(project);
  const programs = { tests: testsOf(project, layout), worker: workerOf(project, layout) };
  const { tests, worker } = programs;
  return {
    files: filesOf(project, layout, programs),
    scripts: [
      tests.script,
      ...(worker.script === undefined ? [] : [worker.script]),
      ...(layout.typed ? [{ name: "typecheck", command: "tsc --noEmit" }] : []),
    ],
    ignores: project.database === "sqlite" ? ["jobs.db*"] : [],
    needs: neededPackages(project, layout),
    next: nextSteps(project, layout, programs),
    advice: adviceOf(project, layout),
  };
}

interface Programs {
  readonly tests: { readonly file: string; readonly script: Script };
  /** Without a script when the file is somebody's own. */
  readonly worker: { readonly file: ScaffoldFile; readonly script: Script | undefined };
}

/** Names a configuration may have; one that is there is the project's. */
const configNames = ["ts", "mts", "js", "mjs"].map((ending) => `holdfast.config.${ending}`);

function filesOf(
  project: Project,
  layout: Layout,
  { tests, worker }: Programs,
): readonly ScaffoldFile[] {
  const { base, endings, specifier, typed, freshTsConfig } = layout;
  const { client, job, config, modules } = jobFilesOf(project, layout);
  const file = (name: string, is: string, text: string) => ({ name, text, is });
  return [
    ...(freshTsConfig ? [file("tsconfig.json", "how types are checked", tsConfigText)] : []),
    file(
      config,
      "where jobs live, and which modules have them",
      configText(`./${base}${client}`, modules),
    ),
    file(base + client, "opens the client", clientText({ ...project, typed })),
    file(base + job, "the first job", jobText(typed)),
    file(tests.file, "its test", testText(specifier(`./welcome.${endings.module}`))),
    worker.file,
  ];
}

/** Where the configuration is, and what it speaks of; `client` and `job` are seen from the sources. */
function jobFilesOf({ read }: Project, { base, endings }: Layout) {
  return {
    client: `jobs/client.${endings.module}`,
    job: `jobs/welcome.${endings.module}`,
    config:
      configNames.find((name) => read(name) !== undefined) ?? `holdfast.config.${endings.config}`,
    modules: `${base}jobs/*.${endings.module}`,
  };
}

/** A project with a script `worker` of its own keeps it, and one with a file of that name gets no script for it. */
function workerOf(project: Project, layout: Layout): Programs["worker"] {
  const { packageFile = {}, read } = project;
  const { client, job } = jobFilesOf(project, layout);
  const text = workerText(layout.specifier(`./${client}`), layout.specifier(`./${job}`));
  const name = `${layout.base}worker.${layout.endings.program}`;
  const file = { name, text, is: "runs the jobs" };
  const script = {
    name: isForeignScript(packageFile, "worker", name) ? "jobs:worker" : "worker",
    command: `${layout.runner} ${name}`,
  };
  const isForeign = !/["']holdfast["']/.test(read(name) ?? text);
  return { file, script: isForeign ? undefined : script };
}

/** A project with a test runner of its own keeps it: Node runs our test beside it, from a file the other one does not take for its. */
function testsOf(
  { packageFile = {} }: Project,
  { base, endings, runner, needsTsx }: Layout,
): Programs["tests"] {
  const file = (mark: string) => `${base}jobs/welcome${mark}.${endings.program}`;
  const ours = needsTsx
    ? `${runner} --test ${base}jobs/*.test.${endings.program}`
    : `${runner} --test`;
  if (!hasOwnTests(packageFile, ours)) {
    return { file: file(".test"), script: { name: "test", command: ours } };
  }
  const command = `${runner} --test ${file("_test")}`;
  return { file: file("_test"), script: { name: "test:jobs", command } };
}

/** True unless a configuration or a job that was there stands in the way of the first job. */
function knowsFirstJob(project: Project, layout: Layout): boolean {
  const { config, modules, job } = jobFilesOf(project, layout);
  const knowsModules = project.read(config)?.includes(modules) ?? true;
  return knowsModules && /["']welcome["']/.test(project.read(layout.base + job) ?? jobText(true));
}

function nextSteps(
  project: Project,
  layout: Layout,
  { tests, worker }: Programs,
): readonly NextStep[] {
  const { run, test: runTest, exec } = packageManagers[project.packageManager];
  const steps: readonly (readonly [command: string, does: string])[] = [
    ...(isUninstalled(project, layout)
      ? [[`${project.packageManager} install`, "install what package.json names"] as const]
      : []),
    [tests.script.name === "test" ? runTest : `${run} ${tests.script.name}`, "test the first job"],
    ...(layout.typed && project.tsconfig?.oldResolution !== true
      ? [[`${run} typecheck`, "check the types"] as const]
      : []),
    [`${exec} holdfast migrate`, "make the tables"],
    ...(knowsFirstJob(project, layout)
      ? [[`${exec} holdfast enqueue welcome '{"name":"Ada"}'`, "store a job"] as const]
      : []),
    ...(worker.script === undefined
      ? []
      : [[`${run} ${worker.script.name}`, "run jobs; Ctrl-C ends the worker"] as const]),
    [`${exec} holdfast status`, "see what there is"],
  ];
  return steps.map(([command, does]) => ({ command, does }));
}

function adviceOf(project: Project, layout: Layout): readonly string[] {
  const { database, orm, framework, tsconfig } = project;
  const { client, config, modules } = jobFilesOf(project, layout);
  const knowsModules = project.read(config)?.includes(modules) ?? true;
  return [
    ...(database === "postgres"
      ? ["PostgreSQL: set DATABASE_URL (or HOLDFAST_URL) for what opens the database."]
      : []),
    ...(orm === undefined
      ? []
      : [`${orm.title}: ${layout.base}${client} shows a job in your transaction.`]),
    ...(framework === undefined ? [] : [`${framework.title}: ${framework.advice}`]),
    ...(knowsModules ? [] : [`${config}: with jobs: "${modules}" it knows the first job.`]),
    ...(tsconfig?.oldResolution === true
      ? [
          'tsconfig.json: TypeScript finds holdfast only with "module": "nodenext", or another one that reads exports of packages.',
        ]
      : []),
  ];
}
