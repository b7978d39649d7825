import { main } from "./main.mjs";
import { ready } from "./ready.mjs";
import { runVitest } from "./run-vitest.mjs";

/**
 * Behind PgBouncer in transaction mode nothing hears notifications, unless it is told of a direct connection to listen on. Both must do.
 * @type {readonly (readonly [mode: string, title: string])[]}
 */
const modes = [
  ["listen-off", "without LISTEN"],
  ["listen-direct", "with LISTEN on a direct URL"],
];

/** What concerns SQLite alone or no database, what brings a way of its own to the server, and what is said of the server and its sessions. */
const beside = [
  "**/sqlite-*.test.ts",
  "**/cli-init*.test.ts",
  "**/cli-k8s.test.ts",
  "**/framework-mounts.test.ts",
  "**/run-beside.test.ts",
  "**/*pooler.test.ts",
  "**/enqueue-unknown.test.ts",
  "**/deaf.test.ts",
  "**/doctor*.test.ts",
  "**/incidents.test.ts",
  "**/postgres-*plans.test.ts",
];
/** How quick wakeups are is of no use to ask where nobody hears any. */
const deaf = ["**/cancel-elsewhere.test.ts"];
/** Where nobody listens, or nothing depends on it, a place to listen makes no difference: the run without one has said it all. */
const indifferent = [
  "**/cli.test.ts",
  "**/cli-{bulk,config,dashboard,drop,enqueue,jobs,queues,schedules,stats,transfer}.test.ts",
  "**/client-{enqueue,jobs,schedules,search,transaction}.test.ts",
  "**/dashboard-{hostile,openapi,redaction,search-shown}.test.ts",
  "**/explain.test.ts",
  "**/postgres-{admission,libraries,older-code,races,ring}.test.ts",
  "**/testing-{assertions,order}.test.ts",
];

/** Runs the PostgreSQL tests through PgBouncer as an ordinary user; arguments pick files, as for vitest. */
main(async () => {
  await ready({ build: true });
  const projects = ["conformance", "integration"].flatMap((name) => ["--project", name]);
  let worst = 0;
  for (const [mode, title] of modes) {
    const left = [...beside, ...(mode === "listen-off" ? deaf : indifferent)];
    const excluded = left.flatMap((name) => ["--exclude", name]);
    console.log(`\nthrough PgBouncer, ${title}`);
    const env = { ...process.env, HOLDFAST_TEST_POOLER: mode };
    const args = ["run", ...projects, ...excluded, "--reporter", "dot", ...process.argv.slice(2)];
    const code = await runVitest(args, env);
    worst ||= code;
  }
  return worst;
});
