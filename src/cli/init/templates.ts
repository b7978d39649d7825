import type { Orm } from "./companions.ts";

/** What the files of a scaffold say: each function gives the text of one. */

/** `holdfast.config`: what the command line is told. */
export function configText(client: string, jobs: string): string {
  return `import { defineConfig } from "holdfast";
import { url } from "${client}";

export default defineConfig({
  url,
  // The modules that export jobs and handlers, by any name; tests among them are left out.
  jobs: "${jobs}",
});
`;
}

/** What the client's module depends on. */
export interface ClientParts {
  readonly typed: boolean;
  readonly database: "sqlite" | "postgres";
  readonly orm: Orm | undefined;
}

/** `jobs/client`: where jobs live, and the way to them. */
export function clientText({ typed, database, orm }: ClientParts): string {
  const variable = (name: string) => (typed ? `process.env["${name}"]` : `process.env.${name}`);
  const [where, url] =
    database === "postgres"
      ? [
          "the application's own database, unless HOLDFAST_URL names another one.",
          `${variable("HOLDFAST_URL")} ?? ${variable("DATABASE_URL")} ?? ""`,
        ]
      : [
          "a SQLite file, unless HOLDFAST_URL names another one (or postgres://...).",
          `${variable("HOLDFAST_URL")} ?? "sqlite:jobs.db"`,
        ];
  const example =
    orm === undefined
      ? []
      : ["", `With ${orm.title}, a job that is part of your transaction:`, "", ...orm.example];
  const lines = ["Opens the way to the jobs; one client for each process is enough.", ...example];
  return `import { ${typed ? "type Client, " : ""}createClient } from "holdfast";

/** Where jobs live: ${where} */
export const url = ${url};

/**
${lines.map((line) => ` * ${line}`.trimEnd()).join("\n")}
 */
export function openClient()${typed ? ": Promise<Client>" : ""} {
  return createClient(url);
}
`;
}

/** `jobs/welcome`: the first job. */
export function jobText(typed: boolean): string {
  const [types, payload, read] = typed
    ? ["<{ name: string }, string>", "{ name }", ""]
    : ["", "payload", "\n  const { name } = /** @type {{ name: string }} */ (payload);"];
  return `import { defineJob } from "holdfast";

/** What the job is called and how it is kept. Enqueue it anywhere: \`await client.enqueue(welcome, { name: "Ada" })\`. */
export const welcome = defineJob${types}({
  name: "welcome",
  // payload: a schema of zod, valibot, arktype, ... checks what is enqueued, and gives it its type.
  retry: { attempts: 5 },
});

/** What does it. If it throws, it is tried again later; what it returns is the job's result. */
export const welcomeHandler = welcome.handler(async (${payload}, job) => {${read}
  const greeting = \`Welcome, \${name}!\`;
  job.log.info({ greeting }, "greeted");
  return greeting;
});
`;
}

/** `jobs/welcome.test`: its test, for the runner Node brings. */
export function testText(job: string): string {
  return `import assert from "node:assert/strict";
import { test } from "node:test";
import { runJob } from "holdfast/testing";
import { welcomeHandler } from "${job}";

test("welcome greets by name", async () => {
  const run = await runJob(welcomeHandler, { name: "Ada" });
  assert.equal(run.state, "completed");
  assert.equal(run.result, "Welcome, Ada!");
});
`;
}

/** `worker`: the process that runs jobs. */
export function workerText(client: string, job: string): string {
  return `import { createWorker } from "holdfast";
import { openClient } from "${client}";
import { welcomeHandler } from "${job}";

const client = await openClient();
const worker = createWorker(client, {
  handlers: [welcomeHandler], // add yours here
});
await worker.start();

// Asked to end, it takes no new jobs and waits for those that run.
const end = () => void worker.stop();
process.once("SIGTERM", end);
process.once("SIGINT", end);

await worker.stopped;
await client.close();
`;
}

/** A process that does one thing and ends. */
export function taskText(name: string): string {
  return `import { bootstrap } from "holdfast/bootstrap";

// It finds its databases in DATABASE_URL, REDIS_URL and HOLDFAST_URL. It calls no other service, so it needs no identity.
const service = await bootstrap("${name}", { identity: "none" });

await service.run(async ({ log, signal }) => {
  signal.throwIfAborted(); // the process was asked to stop
  log.info({}, "nothing to do yet");
});
`;
}

/** `tsconfig.json` of a project whose TypeScript Node runs as it is. */
export const tsConfigText = `{
  "compilerOptions": {
    "target": "es2023",
    "lib": ["es2023", "esnext.disposable"],
    "module": "nodenext",
    "types": ["node"],
    "strict": true,
    "noEmit": true,
    "allowImportingTsExtensions": true,
    "erasableSyntaxOnly": true,
    "verbatimModuleSyntax": true,
    "skipLibCheck": true
  }
}
`;
