import { expect, test } from "vitest";
import type { Project } from "./read-project.ts";
import { taskScaffold } from "./task-scaffold.ts";

function projectOf(files: Readonly<Record<string, string>>, scripts = {}): Project {
  return {
    folder: "/nowhere",
    packageFile: { type: "module", scripts },
    packageManager: "npm",
    tsconfig: undefined,
    language: "JavaScript",
    orm: undefined,
    framework: undefined,
    database: "sqlite",
    base: "",
    node: { runsTypeScript: true, hasSqlite: true },
    read: (name) => files[name],
    hasPackage: () => true,
  };
}

test.each([
  ["test", "would run the program as a test"],
  ["test-imports", "would run the program as a test"],
  ["load-test", "would run the program as a test"],
  ["worker", "a program of its own"],
  ["migrate", "a program of its own"],
])("the name %j is refused: %s", (name, says) => {
  expect(() => taskScaffold(projectOf({}), name)).toThrow(says);
});

test.each(["attest", "testify", "latest-news", "my-test-data", "workers"])(
  "the name %j is fine",
  (name) => {
    expect(taskScaffold(projectOf({}), name).files.map((file) => file.name)).toEqual([
      `${name}.js`,
    ]);
  },
);

test("what an earlier call wrote may be edited, and what is somebody's own is refused", () => {
  const edited = { "news.js": "fetchNews();" };
  expect(() => taskScaffold(projectOf(edited), "news")).toThrow("news.js is there");
  expect(() =>
    taskScaffold(projectOf(edited, { "job:news": "node --import tsx news.js" }), "news"),
  ).not.toThrow();
  expect(() => taskScaffold(projectOf({}, { "job:news": "make news" }), "news")).toThrow(
    "job:news of package.json runs something else",
  );
});
