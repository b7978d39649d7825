import { expect, test } from "vitest";
import { noteOnTsx } from "./missing-tsx.ts";
import { commandOfScript } from "./script-command.ts";

test.each([" node  import-orders.mjs ", "node --import tsx src/a-b.mts --since=1d"])(
  "%j is its words",
  (script) => {
    expect(commandOfScript(script)).toEqual(script.trim().split(/\s+/));
  },
);

test.each([
  'node -e "a b"',
  "node 'a b.mjs'",
  "a && b",
  "a | b",
  "a; b",
  "a $HOME",
  "a < b",
  "a > b",
  "(a)",
  "a `b`",
  "a *.mjs",
  "TZ=UTC node a.mjs",
])("%j takes a shell", (script) => {
  expect(commandOfScript(script)).toEqual(["sh", "-c", script]);
});

const tasks = [{ name: "a", command: [] }];

test.each([
  [{ "job:a": "node --import tsx a.ts" }, "job:a"],
  [{ "job:a": "tsx a.ts", worker: "node --import=tsx worker.ts" }, "worker, job:a"],
  [{ "jobs:worker": "node_modules/.bin/tsx worker.ts" }, "jobs:worker"],
])("scripts %j take tsx into the image: %s", (scripts, names) => {
  const development = { scripts, devDependencies: { tsx: "4" } };
  expect(noteOnTsx(development, tasks)).toContain(`${names} of package.json`);
  expect(noteOnTsx({ scripts, dependencies: { tsx: "4" } }, tasks)).toBeUndefined();
});

test("scripts that are not run, and those without tsx, take nothing", () => {
  const scripts = { "job:a": "node a.tsx.mjs", "job:b": "tsx b.ts", test: "tsx --test" };
  expect(noteOnTsx({ scripts }, tasks)).toBeUndefined();
});
