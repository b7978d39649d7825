import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type CliProject, cliProjects } from "../support/cli-project.ts";
import { linkPackages } from "../support/linked-packages.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const newProject = cliProjects();

/** A project that has Holdfast, its tools, and these files. */
function project(files: Readonly<Record<string, string>>): CliProject {
  const made = newProject(files);
  linkPackages(made.folder);
  return made;
}

/** All there is in a project but its packages. */
function filesOf({ folder }: CliProject): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((name) => !name.startsWith("node_modules"));
  return Object.fromEntries(
    names.sort().map((name) => [name, readFileSync(path.join(folder, name), "utf8")]),
  );
}

interface Answer {
  readonly project: Readonly<Record<string, string | null>>;
  readonly files: readonly { readonly file: string; readonly fate: string }[];
  readonly toInstall: readonly string[];
  readonly next: readonly { readonly command: string }[];
  readonly advice: readonly string[];
}

function init({ holdfast }: CliProject, ...args: readonly string[]): Answer {
  const { code, out, err } = holdfast(["init", "--yes", "--no-install", "--json", ...args]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as Answer;
}

function node(folder: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "", NODE_TEST_CONTEXT: undefined },
  });
  return { code: status, out: stdout + stderr };
}

const json = (value: unknown) => JSON.stringify(value, null, 2);
const reads = Boolean(process.features.typescript);
const nodeRunner = reads ? "node" : "node --import tsx";
const strict = { strict: true, skipLibCheck: true, types: ["node"] };

interface Shape {
  readonly files: Readonly<Record<string, string>>;
  readonly project: Readonly<Record<string, string | null>>;
  readonly written: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
  readonly toInstall?: readonly string[];
  /** How the compiler is told to look at it. */
  readonly tsc?: readonly string[];
}

const plain = {
  language: "JavaScript",
  packageManager: "npm",
  orm: null,
  framework: null,
  database: "sqlite",
};

const shapes: Readonly<Record<string, Shape>> = {
  "npm init -y": {
    files: {
      "package.json": json({
        type: "commonjs",
        scripts: { test: "echo no test specified && exit 1" },
      }),
      ".gitignore": "node_modules",
    },
    project: plain,
    written: [
      "holdfast.config.mjs",
      "jobs/client.mjs",
      "jobs/welcome.mjs",
      "jobs/welcome.test.mjs",
      "worker.mjs",
    ],
    scripts: { test: "node --test", worker: "node worker.mjs" },
    tsc: [
      "--noEmit",
      "--allowJs",
      "--checkJs",
      "--strict",
      "--skipLibCheck",
      "--module",
      "nodenext",
      "--types",
      "node",
      "worker.mjs",
      "jobs/welcome.test.mjs",
      "holdfast.config.mjs",
    ],
  },
  "nothing at all": {
    files: {},
    project: plain,
    written: [
      "holdfast.config.js",
      "jobs/client.js",
      "jobs/welcome.js",
      "jobs/welcome.test.js",
      "worker.js",
      "package.json",
    ],
    scripts: { test: "node --test", worker: "node worker.js" },
  },
  "TypeScript and nothing else": {
    files: { "package.json": json({ type: "module", devDependencies: { typescript: "7" } }) },
    project: { ...plain, language: "TypeScript" },
    written: [
      "tsconfig.json",
      "holdfast.config.ts",
      "jobs/client.ts",
      "jobs/welcome.ts",
      "jobs/welcome.test.ts",
      "worker.ts",
    ],
    scripts: {
      test: reads ? "node --test" : "node --import tsx --test jobs/*.test.ts",
      worker: `${nodeRunner} worker.ts`,
      typecheck: "tsc --noEmit",
    },
    toInstall: reads ? [] : ["npm install --save-dev tsx"],
    tsc: ["-p", "."],
  },
  "Express, Kysely, pnpm, and Vitest": {
    files: {
      "package.json": json({
        type: "module",
        scripts: { test: "vitest run", typecheck: "tsc -b" },
        dependencies: { express: "5", kysely: "0.28", pg: "8" },
      }),
      "pnpm-lock.yaml": "",
      "src/server.ts": "export {};",
      "tsconfig.json": `{
  // compiled by tsc
  "compilerOptions": ${json({ ...strict, module: "nodenext", rootDir: "src", outDir: "dist" })},
  "include": ["src"],
}`,
    },
    project: {
      ...plain,
      language: "TypeScript",
      packageManager: "pnpm",
      orm: "Kysely",
      framework: "Express",
      database: "postgres",
    },
    written: [
      "holdfast.config.js",
      "src/jobs/client.ts",
      "src/jobs/welcome.ts",
      "src/jobs/welcome_test.ts",
      "src/worker.ts",
    ],
    scripts: {
      test: "vitest run",
      typecheck: "tsc -b",
      "test:jobs": "node --import tsx --test src/jobs/welcome_test.ts",
      worker: "node --import tsx src/worker.ts",
    },
    toInstall: ["pnpm add --save-dev tsx"],
    tsc: ["-p", ".", "--noEmit"],
  },
  "Next.js and Prisma": {
    files: {
      "package.json": json({
        packageManager: "yarn@4.1.0",
        dependencies: { next: "16", "@prisma/client": "7" },
      }),
      "prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n}\n',
      "tsconfig.json": json({
        compilerOptions: {
          ...strict,
          noEmit: true,
          allowJs: true,
          module: "esnext",
          moduleResolution: "bundler",
          isolatedModules: true,
        },
        include: ["**/*.ts", "**/*.tsx", "**/*.mts"],
      }),
    },
    project: {
      language: "TypeScript",
      packageManager: "yarn",
      orm: "Prisma",
      framework: "Next.js",
      database: "postgres",
    },
    written: [
      "holdfast.config.mjs",
      "jobs/client.ts",
      "jobs/welcome.ts",
      "jobs/welcome.test.mts",
      "worker.mts",
    ],
    scripts: {
      test: "node --import tsx --test jobs/*.test.mts",
      worker: "node --import tsx worker.mts",
      typecheck: "tsc --noEmit",
    },
    toInstall: ["yarn add pg@^8.11.0", "yarn add --dev tsx"],
    tsc: ["-p", "."],
  },
  "NestJS and TypeORM, with Jest": {
    files: {
      "package.json": json({
        scripts: { test: "jest" },
        dependencies: { "@nestjs/core": "11", typeorm: "0.3", pg: "8" },
      }),
      "src/main.ts":
        'import { welcome } from "./jobs/welcome.mjs";\nexport const name: string = welcome.name;\n',
      "tsconfig.json": json({
        compilerOptions: {
          ...strict,
          module: "nodenext",
          target: "es2023",
          outDir: "./dist",
          experimentalDecorators: true,
          emitDecoratorMetadata: true,
        },
      }),
    },
    project: {
      ...plain,
      language: "TypeScript",
      orm: "TypeORM",
      framework: "NestJS",
      database: "postgres",
    },
    written: [
      "holdfast.config.mjs",
      "src/jobs/client.mts",
      "src/jobs/welcome.mts",
      "src/jobs/welcome_test.mts",
      "src/worker.mts",
    ],
    scripts: {
      test: "jest",
      "test:jobs": "node --import tsx --test src/jobs/welcome_test.mts",
      worker: "node --import tsx src/worker.mts",
      typecheck: "tsc --noEmit",
    },
    toInstall: ["npm install --save-dev tsx"],
    tsc: ["-p", ".", "--noEmit"],
  },
};

describe.each(Object.entries(shapes))("a project of %s", (_is, { files, tsc, ...expected }) => {
  const made = project(files);

  test("gets what fits it, and a second time nothing", () => {
    const before = filesOf(made);
    const dry = init(made, "--dry-run");
    expect(filesOf(made)).toEqual(before);
    const first = init(made);
    expect(first).toEqual(dry);
    const { scripts } = JSON.parse(filesOf(made)["package.json"] ?? "") as Pick<Shape, "scripts">;
    const { project: found, toInstall } = first;
    const written = first.files.filter(({ fate }) => fate === "written").map(({ file }) => file);
    expect({ project: found, written, scripts, toInstall }).toEqual({ toInstall: [], ...expected });
    const after = filesOf(made);
    expect(new Set(init(made).files.map(({ fate }) => fate))).toEqual(
      new Set(files["package.json"]?.includes("tsc -b") ? ["unchanged", "kept"] : ["unchanged"]),
    );
    expect(filesOf(made)).toEqual(after);
  });

  test.skipIf(!expected.scripts["test"]?.startsWith("node --test"))(
    "its test passes, and the command line knows its job",
    () => {
      init(made);
      expect(node(made.folder, "--test")).toMatchObject({ code: 0 });
      expect(made.holdfast(["migrate"])).toMatchObject({ code: 0 });
      const { code, out, err } = made.holdfast(["enqueue", "welcome", '{"name":"Ada"}']);
      expect({ code, out, err }).toEqual({ code: 0, out: "enqueued job 1\n", err: "" });
    },
  );

  test.skipIf(tsc === undefined)("it type-checks", () => {
    init(made, "--job", "import-orders");
    const compiler = path.join(root, "node_modules/typescript/bin/tsc");
    expect(node(made.folder, compiler, ...(tsc ?? []))).toEqual({ code: 0, out: "" });
  });
});
