import { type Layout, layoutOf } from "./layout.ts";
import { isUninstalled, neededPackages } from "./needed-packages.ts";
import { hasOwnTests, type Script } from "./package-file.ts";
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
  const tests = testsOf(project, layout);
  const worker = `${layout.base}worker.${layout.endings.program}`;
  return {
    files: filesOf(project, layout, { test: tests.file, worker }),
    scripts: [
      tests.script,
      { name: "worker", command: `${layout.runner} ${worker}` },
      ...(layout.typed ? [{ name: "typecheck", command: "tsc --noEmit" }] : []),
    ],
    ignores: project.database === "sqlite" ? ["jobs.db*"] : [],
    needs: neededPackages(project, layout),
    next: nextSteps(project, layout, tests.script),
    advice: adviceOf(project, layout),
  };
}

/** Names a configuration may have; one that is there is the project's. */
const configNames = ["ts", "mts", "js", "mjs"].map((ending) => `holdfast.config.${ending}`);

function filesOf(
  project: Project,
  { base, endings, specifier, typed, freshTsConfig }: Layout,
  programs: { readonly test: string; readonly worker: string },
): readonly ScaffoldFile[] {
  const client = `jobs/client.${endings.module}`;
  const job = `jobs/welcome.${endings.module}`;
  const config = configNames.find((name) => project.read(name) !== undefined);
  const file = (name: string, is: string, text: string) => ({ name, text, is });
  return [
    ...(freshTsConfig ? [file("tsconfig.json", "how types are checked", tsConfigText)] : []),
    file(
      config ?? `holdfast.config.${endings.config}`,
      "where jobs live, and which modules have them",
      configText(`./${base}${client}`, `${base}jobs/*.${endings.module}`),
    ),
    file(base + client, "opens the client", clientText({ ...project, typed })),
    file(base + job, "the first job", jobText(typed)),
    file(programs.test, "its test", testText(specifier(`./welcome.${endings.module}`))),
    file(
      programs.worker,
      "runs the jobs",
      workerText(specifier(`./${client}`), specifier(`./${job}`)),
    ),
  ];
}

interface Tests {
  readonly file: string;
  readonly script: Script;
}

/** A project with a test runner of its own keeps it: Node runs our test beside it, from a file the other one does not take for its. */
function testsOf(
  { packageFile = {} }: Project,
  { base, endings, runner, needsTsx }: Layout,
): Tests {
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

function nextSteps(project: Project, layout: Layout, test: Script): readonly NextStep[] {
  const { run, test: runTest, exec } = packageManagers[project.packageManager];
  const steps: readonly (readonly [command: string, does: string])[] = [
    ...(isUninstalled(project, layout)
      ? [[`${project.packageManager} install`, "install what package.json names"] as const]
      : []),
    [test.name === "test" ? runTest : `${run} ${test.name}`, "test the first job"],
    ...(layout.typed ? [[`${run} typecheck`, "check the types"] as const] : []),
    [`${exec} holdfast migrate`, "make the tables"],
    [`${exec} holdfast enqueue welcome '{"name":"Ada"}'`, "store a job"],
    [`${run} worker`, "run it; Ctrl-C ends the worker"],
    [`${exec} holdfast status`, "see what there is"],
  ];
  return steps.map(([command, does]) => ({ command, does }));
}

function adviceOf(
  { database, orm, framework, tsconfig }: Project,
  { base, endings }: Layout,
): readonly string[] {
  const client = `${base}jobs/client.${endings.module}`;
  return [
    ...(database === "postgres"
      ? ["PostgreSQL: set DATABASE_URL (or HOLDFAST_URL) for what opens the database."]
      : []),
    ...(orm === undefined ? [] : [`${orm.title}: ${client} shows a job in your transaction.`]),
    ...(framework === undefined ? [] : [`${framework.title}: ${framework.advice}`]),
    ...(tsconfig?.oldResolution === true
      ? [
          'tsconfig.json: TypeScript finds holdfast only with "module": "nodenext", or another one that reads exports of packages.',
        ]
      : []),
  ];
}
