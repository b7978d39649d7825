import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import os from "node:os";
import type { Phase, Plan } from "./options.ts";
import type { Place } from "./places/place.ts";
import type { Host, Machine } from "./samples.ts";
import { type Backend, fullName, type System } from "./system.ts";

/** What the figures of this run depend on. */
export function describeMachine(places: ReadonlyMap<Backend, Place>, plan: Plan): Machine {
  const { systems } = plan;
  const servers = [...places.values()].map(({ backend, settings }) => [backend, settings] as const);
  return {
    ...describeHost(),
    postgres: places.get("postgres")?.version ?? "",
    sqlite: process.versions["sqlite"] ?? "",
    redis: places.get("redis")?.version ?? null,
    versions: Object.fromEntries(
      systems.map((one) => [one.name, versionOf(one) ?? "not installed"]),
    ),
    settings: Object.fromEntries([
      ["run", runOf(plan)] as const,
      ...servers,
      ...systems.map((one) => [fullName(one), one.settings] as const),
    ]),
  };
}

/** This machine, this moment and this commit. */
export function describeHost(): Host {
  const cpus = os.cpus();
  return {
    cpus: cpus[0]?.model.trim() ?? "",
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    node: process.version,
    date: new Date().toISOString(),
    commit: commitNow(),
  };
}

/** How much of everything was measured, in words. */
function runOf({ form, rounds, jobs, systems, steadySeconds }: Plan): string {
  const seconds = (phase: Phase) =>
    [...new Set(systems.map((one) => steadySeconds(one, phase)))].join(" or ");
  return `${form} run: ${rounds} rounds, ${jobs.toLocaleString("en-US")} jobs per drain, steady ${seconds("steady")} s, pinned ${seconds("pinned")} s`;
}

/** The version of the system's package; `undefined` when it is not installed. */
export function versionOf({ package: name }: Pick<System, "package">): string | undefined {
  const path = name === "holdfast" ? "../package.json" : `node_modules/${name}/package.json`;
  try {
    const text = readFileSync(new URL(path, import.meta.url), "utf8");
    return (JSON.parse(text) as { version: string }).version;
  } catch {
    return undefined;
  }
}

/** The commit the repository stands at, marked where the files have moved on. */
function commitNow(): string {
  const git = (...args: string[]) =>
    spawnSync("git", args, { cwd: import.meta.dirname, encoding: "utf8" });
  const head = git("rev-parse", "--short", "HEAD");
  if (head.status !== 0) return "unknown";
  const changed = git(
    "status",
    "--porcelain",
    "--untracked-files=no",
    "--",
    "../src",
  ).stdout.trim();
  return changed === "" ? head.stdout.trim() : `${head.stdout.trim()}+changes`;
}
