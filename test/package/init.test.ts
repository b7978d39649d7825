import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { npm, shell, startShell } from "./run-to.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "holdfast-init-"));
const fetched = join(folder, "fetched");
const installed = join(fetched, "node_modules/holdfast");
const project = join(folder, "project");
const running = new Set<ChildProcess>();
let packed = "";

/** What npx makes to run a package: a folder with it and what it needs, and a note of what was asked for. */
beforeAll(async () => {
  const answer = await npm(["pack", "--json", "--pack-destination", folder], root);
  const [{ filename }] = JSON.parse(answer.slice(answer.indexOf("["))) as [{ filename: string }];
  packed = filename;
  const tarball = join(folder, filename);
  for (const made of [project, installed]) mkdirSync(made, { recursive: true });
  await shell(`tar -xzf ${tarball} -C ${installed} --strip-components 1`, folder);
  const { dependencies = {} } = readPackage(installed);
  for (const name of Object.keys(dependencies)) {
    const link = join(fetched, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, "node_modules", name), link);
  }
  writeFileSync(join(fetched, "package.json"), JSON.stringify({ _npx: { packages: [tarball] } }));
});
afterAll(() => {
  // One that hangs has failed its test; it must not go on.
  for (const child of running) endGroup(child);
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly files: readonly { readonly fate: string }[];
  readonly toInstall: readonly string[];
  readonly next: readonly { readonly command: string }[];
}

async function init(): Promise<Answer> {
  const main = join(installed, "dist/cli/main.js");
  return JSON.parse(await shell(`node ${main} init --yes --json`, project)) as Answer;
}

function readPackage(of: string) {
  const text = readFileSync(join(of, "package.json"), "utf8");
  return JSON.parse(text) as Readonly<Record<string, Readonly<Record<string, string>>>>;
}

test("in an empty folder npm init -y, holdfast init --yes and npm test pass, and every command printed works", {
  timeout: 180_000,
}, async () => {
  await shell("npm init -y", project);
  const { next, toInstall } = await init();
  expect(toInstall).toEqual([]);
  expect(readPackage(project)).toMatchObject({
    scripts: { test: "node --test" },
    dependencies: { holdfast: expect.stringContaining(packed) as unknown },
  });
  const commands = next.map(({ command }) => command);
  expect(commands.map((command) => command.replace(/'.*/, ""))).toEqual([
    "npm test",
    "npx holdfast migrate",
    "npx holdfast enqueue welcome ",
    "npm run worker",
    "npx holdfast status",
  ]);
  const [testing = "", migrate = "", enqueue = "", worker = "", status = ""] = commands;
  expect(await shell(testing, project)).toMatch(/pass 1\b/);
  await shell(migrate, project);
  expect(await shell(enqueue, project)).toContain("enqueued job 1");
  expect(await workUntil(/greeted .*Welcome, Ada!/, worker)).toMatch(/worker stopped/);
  expect(await shell(status, project)).toMatch(/completed +1/);

  const again = await init();
  expect(new Set(again.files.map(({ fate }) => fate))).toEqual(new Set(["unchanged"]));
});

/** Runs a worker until it has said something, and ends it. */
async function workUntil(pattern: RegExp, command: string): Promise<string> {
  const child = startShell(command, project);
  running.add(child);
  let said = "";
  let asked = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      said += String(chunk);
      if (asked || !pattern.test(said)) return;
      asked = true;
      endGroup(child);
    });
  }
  await new Promise((resolve) => child.once("close", resolve));
  running.delete(child);
  return said;
}

function endGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, "SIGTERM");
}
