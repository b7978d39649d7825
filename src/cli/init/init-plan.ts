import type { Printer } from "../printer.ts";
import type { Project } from "./read-project.ts";
import type { Scaffold } from "./scaffold.ts";
import type { FileChange } from "./write-scaffold.ts";

/** What `holdfast init` is going to do, all of it known before any of it is done. */
export interface InitPlan {
  readonly project: Project;
  readonly scaffold: Scaffold;
  readonly changes: readonly FileChange[];
  /** The command lines that install what is missing; afterwards those that are left. */
  readonly installs: readonly (readonly string[])[];
}

/** True when nothing is to be done. */
export function isIdle({ changes, installs }: InitPlan): boolean {
  return installs.length === 0 && changes.every(({ text }) => text === undefined);
}

/** A plan for whoever is asked about it. */
export function describePlan({ project, changes, installs }: InitPlan): string {
  const lines = changes
    .filter(({ text }) => text !== undefined)
    .map(
      ({ file, fate, note }) => `  ${fate === "written" ? "write" : "change"} ${file} (${note})`,
    );
  const commands = installs.map((command) => `  run ${command.join(" ")}`);
  return [`Holdfast for ${found(project)}:`, ...lines, ...commands].join("\n");
}

/** The answer as JSON. */
export function planJson({ project, scaffold, changes, installs }: InitPlan) {
  const { language, packageManager, orm, framework, database } = project;
  return {
    project: {
      language,
      packageManager,
      orm: orm?.title ?? null,
      framework: framework?.title ?? null,
      database,
    },
    files: changes.map(({ file, fate, note }) => ({ file, fate, note })),
    toInstall: installs.map((command) => command.join(" ")),
    next: scaffold.next,
    advice: scaffold.advice,
  };
}

/** The answer as text; `tense` comes before what is done to files. */
export function planText(plan: InitPlan, print: Printer, tense: "" | "would be "): string {
  const { project, scaffold, changes, installs } = plan;
  const fateOf = ({ fate, text }: FileChange) => (text === undefined ? fate : tense + fate);
  const files = print.table(
    [
      { title: "FILE", cell: ({ file }) => file },
      { title: "", cell: fateOf, colour: ({ fate }) => (fate === "kept" ? "yellow" : undefined) },
      { title: "", cell: ({ note }) => note },
    ],
    changes,
  );
  const kept = changes.filter(({ fate }) => fate === "kept").map(({ file }) => file);
  const steps = print.table(
    [
      { title: "NEXT", cell: ({ command }) => command },
      { title: "", cell: ({ does }) => does },
    ],
    scaffold.next,
  );
  return [
    isIdle(plan)
      ? `Nothing to do: ${found(project)} is set up.`
      : `Holdfast for ${found(project)}.`,
    files,
    ...(kept.length === 0
      ? []
      : [`Kept as it is, since it was there and says something else: ${kept.join(", ")}.`]),
    ...(installs.length === 0 ? [] : [missingText(plan)]),
    steps,
    ...(scaffold.advice.length === 0 ? [] : [scaffold.advice.join("\n")]),
  ].join("\n\n");
}

function missingText({ scaffold, installs }: InitPlan): string {
  const why = scaffold.needs.map((need) => `  ${need.name}: ${need.why}`);
  const commands = installs.map((command) => `  ${command.join(" ")}`);
  return ["Not installed yet:", ...why, "It takes:", ...commands].join("\n");
}

function found({ language, packageManager, orm, framework, database }: Project): string {
  const store = database === "postgres" ? "PostgreSQL" : "SQLite";
  const parts = [language, packageManager, framework?.title, orm?.title, store];
  return `a project with ${parts.filter((part) => part !== undefined).join(", ")}`;
}
