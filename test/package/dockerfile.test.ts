import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { npm, runTo } from "./run-to.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "holdfast-docker-"));
const app = join(folder, "app");
const url = `sqlite:${join(folder, "data", "jobs.db")}`;
/** Debian's "nobody" where the tests run as root; else whoever runs them is ordinary already. */
const ordinary = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const running = new Set<ChildProcess>();

/** The instructions of the image, in order, each with what it says. */
const instructions = [
  ...readFileSync(`${root}docker/Dockerfile`, "utf8").matchAll(/^([A-Z]+) (.*)$/gm),
].map(([, name, says = ""]) => [name, says] as const);

function argumentsOf(instruction: string): string {
  const found = instructions.findLast(([name]) => name === instruction)?.[1];
  if (found === undefined) throw new Error(`the Dockerfile has no ${instruction}`);
  return found;
}

function listOf(instruction: string): readonly string[] {
  return JSON.parse(argumentsOf(instruction)) as readonly string[];
}

/** What the first stage has: the application's package files, and what RUN installs; nothing of it is for development. */
beforeAll(async () => {
  for (const made of [app, join(folder, "data")]) mkdirSync(made);
  const answer = await npm(["pack", "--json", "--pack-destination", folder], root);
  const [{ filename }] = JSON.parse(answer.slice(answer.indexOf("["))) as [{ filename: string }];
  const { devDependencies } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const sqlite = "@photostructure/sqlite";
  writeFileSync(
    join(app, "package.json"),
    JSON.stringify({
      name: "shop",
      version: "1.0.0",
      type: "module",
      dependencies: { holdfast: `file:../${filename}`, [sqlite]: devDependencies[sqlite] },
      devDependencies: { "fast-check": devDependencies["fast-check"] },
    }),
  );
  await npm(["install", "--package-lock-only", "--prefer-offline"], app);
  const [program = "", ...args] = argumentsOf("RUN").split(" ");
  expect([program, ...args]).toEqual(["npm", "ci", "--omit=dev", "--ignore-scripts"]);
  await npm([...args, "--prefer-offline"], app);
  // COPY . .
  writeFileSync(join(app, "holdfast.config.js"), 'export default { jobs: "jobs.js" };\n');
  writeFileSync(
    join(app, "jobs.js"),
    `import { defineJob } from "holdfast";
export const nap = defineJob({ name: "nap" }).handler(async (ms, job) => {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return job.attempt;
});
`,
  );
  for (const open of [folder, join(folder, "data")]) chmodSync(open, 0o777);
}, 120_000);

afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** Runs what the image runs, as its user, in its environment. */
function runImage(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const [program = "", ...first] = listOf("ENTRYPOINT");
  const [name = "", value = ""] = argumentsOf("ENV").split("=");
  const child = spawn(program, [...first, ...args], {
    cwd: app,
    env: { PATH: process.env["PATH"], HOME: folder, HOLDFAST_URL: url, [name]: value, ...env },
    ...ordinary,
  });
  running.add(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => (said += String(chunk)));
  }
  const ended = new Promise<{ readonly code: number | null; readonly said: string }>((resolve) => {
    child.once("close", (code) => {
      running.delete(child);
      resolve({ code, said });
    });
  });
  return { child, ended };
}

test("the image's steps install, start as an ordinary user, answer their probe and end on SIGTERM", {
  timeout: 60_000,
}, async () => {
  expect(argumentsOf("USER")).toBe("node");
  expect(() => readFileSync(join(app, "node_modules/fast-check/package.json"))).toThrow("ENOENT");
  expect(await runImage(["migrate"]).ended).toMatchObject({ code: 0 });
  expect(await runImage(["enqueue", "nap", "1500"]).ended).toMatchObject({ code: 0 });

  const port = String(await freePort());
  const command = listOf("CMD").map((word) => (word === "9090" ? port : word));
  const { child, ended } = runImage(command);
  const [, ...probe] = JSON.parse(
    /CMD (.*)$/.exec(argumentsOf("HEALTHCHECK"))?.[1] ?? "[]",
  ) as readonly string[];
  const healthy = probe.map((word) => word.replace("9090", port));
  await expect
    .poll(
      () =>
        runTo(healthy, app).then(
          () => true,
          () => false,
        ),
      { timeout: 20_000, interval: 200 },
    )
    .toBe(true);
  await expect
    .poll(async () => (await runImage(["status", "--json"]).ended).said, {
      timeout: 20_000,
      interval: 200,
    })
    .toMatch(/"running":1/);
  child.kill(argumentsOf("STOPSIGNAL") as NodeJS.Signals);
  expect(await ended).toMatchObject({ code: 0 });
  const { said } = await runImage(["jobs", "show", "1", "--json"]).ended;
  expect(JSON.parse(said)).toMatchObject({ state: "completed", attempt: 1, result: 1 });
});

test("the image serves the dashboard, to those who know the password", async () => {
  const port = String(await freePort());
  const env = { HOLDFAST_DASHBOARD_PASSWORD: "open sesame" };
  const { child, ended } = runImage(["dashboard", "--host", "0.0.0.0", "--port", port], env);
  const ask = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).status;
  await expect
    .poll(() => ask("/livez").catch(() => 0), { timeout: 20_000, interval: 100 })
    .toBe(200);
  expect(await ask("/api/session")).toBe(401);
  const authorization = `Basic ${Buffer.from("ada:open sesame").toString("base64")}`;
  expect(await ask("/api/session", { authorization })).toBe(200);
  child.kill(argumentsOf("STOPSIGNAL") as NodeJS.Signals);
  expect(await ended).toMatchObject({ code: 0 });
});

test("what must not get into an image is left out of it", () => {
  const ignored = readFileSync(`${root}docker/Dockerfile.dockerignore`, "utf8").trim().split("\n");
  expect(ignored).toEqual(expect.arrayContaining(["node_modules", ".git", ".env*"]));
});
