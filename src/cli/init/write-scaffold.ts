import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { addScripts } from "./package-file.ts";
import type { Project } from "./read-project.ts";
import type { Scaffold } from "./scaffold.ts";

/** What becomes of a file: made, added to, as it shall be already, or somebody's own and so left as it is. */
export type FileFate = "written" | "changed" | "unchanged" | "kept";

/** A file of a scaffold and what becomes of it. */
export interface FileChange {
  readonly file: string;
  readonly fate: FileFate;
  /** What it is, or what is added to it. */
  readonly note: string;
  /** What it shall hold; only what is written or changed has it. */
  readonly text?: string;
}

/** Compares a scaffold with what there is; changes nothing. */
export function planChanges(
  project: Project,
  { files, scripts, ignores }: Scaffold,
): readonly FileChange[] {
  const written = files.map(({ name, text, is }): FileChange => {
    const has = project.read(name);
    if (has === undefined) return { file: name, fate: "written", note: is, text };
    return { file: name, fate: has === text ? "unchanged" : "kept", note: is };
  });
  return [...written, ...packageChanges(project, scripts), ...ignoreChanges(project, ignores)];
}

/** Carries changes out; an existing file is only ever added to. */
export function writeChanges({ folder }: Project, changes: readonly FileChange[]): void {
  for (const { file, fate, text } of changes) {
    if (text === undefined) continue;
    const whole = path.join(folder, file);
    mkdirSync(path.dirname(whole), { recursive: true });
    writeFileSync(whole, text, { flag: fate === "written" ? "wx" : "w" });
  }
}

function packageChanges(project: Project, scripts: Scaffold["scripts"]): readonly FileChange[] {
  const file = "package.json";
  const has = project.read(file);
  const { text, added, kept } = addScripts(has ?? newPackage(project.folder), scripts);
  const others: readonly FileChange[] = kept.map((name) => ({
    file: `${file}: scripts.${name}`,
    fate: "kept",
    note: scripts.find((script) => script.name === name)?.command ?? "",
  }));
  if (has === text) return [{ file, fate: "unchanged", note: "scripts" }, ...others];
  const note = `scripts ${added.join(", ")}`;
  return [{ file, fate: has === undefined ? "written" : "changed", note, text }, ...others];
}

function newPackage(folder: string): string {
  const name = path
    .basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return `${JSON.stringify({ name: name || "jobs", private: true, type: "module" }, null, 2)}\n`;
}

/** A file of jobs does not belong into a repository; a folder that is none has nothing to be told. */
function ignoreChanges(project: Project, lines: readonly string[]): readonly FileChange[] {
  const file = ".gitignore";
  const has = project.read(file);
  if (lines.length === 0 || (has === undefined && !existsSync(path.join(project.folder, ".git"))))
    return [];
  const missing = lines.filter((line) => !(has ?? "").split(/\r?\n/).includes(line));
  if (missing.length === 0) return [{ file, fate: "unchanged", note: lines.join(", ") }];
  const before = has === undefined || has === "" || has.endsWith("\n") ? (has ?? "") : `${has}\n`;
  const text = `${before}${missing.join("\n")}\n`;
  return [
    { file, fate: has === undefined ? "written" : "changed", note: missing.join(", "), text },
  ];
}
