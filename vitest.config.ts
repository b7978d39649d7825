import { fileURLToPath } from "node:url";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

const inRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const common = { testTimeout: 60_000, hookTimeout: 60_000 };

/** Tests see the package as users do: compiled, by its public names, loaded by Node itself. */
const compiledPackage = {
  alias: [
    { find: /^holdfast$/, replacement: inRoot("dist/index.js") },
    { find: /^holdfast\/([a-z]+)$/, replacement: inRoot("dist/$1.js") },
    { find: /^@jest\/globals$/, replacement: inRoot("test/support/jest-globals.ts") },
  ],
  server: { deps: { external: [/\/dist\//] } },
};

const withPostgres = { globalSetup: ["test/support/global-setup.ts"] };

/** Tests with real processes and real time get one more try on a shared CI machine, and only there; the report names them. */
const inRealTime = { retry: process.env["CI"] === "true" ? 1 : 0 };

interface ProjectOptions {
  readonly include?: string[];
  readonly retry?: number;
  readonly isolate?: boolean;
  readonly globalSetup?: string[];
  readonly maxWorkers?: number;
  readonly sequence?: { readonly groupOrder: number };
  readonly env?: Readonly<Record<string, string>>;
  readonly typecheck?: { enabled: boolean; only: boolean; include: string[]; tsconfig: string };
}

function project(name: string, options: ProjectOptions = {}): TestProjectInlineConfiguration {
  const include = [`test/${name}/**/*.test.ts`];
  return { extends: true, test: { name, ...common, ...compiledPackage, include, ...options } };
}

const typeTests = {
  enabled: true,
  only: true,
  include: ["test/types/**/*.test.ts"],
  tsconfig: "test/types/tsconfig.json",
};

export default defineConfig({
  test: {
    // Most tests wait for a database or a child more than they compute.
    maxWorkers: 3,
    projects: [
      // None of their files leaves anything behind, so they need not load everything again for each.
      project("unit", {
        include: ["src/**/*.test.ts", "bench/**/*.test.ts", "web/src/**/*.test.ts"],
        isolate: false,
      }),
      project("conformance", { ...withPostgres, isolate: false }),
      project("integration", { ...withPostgres, ...inRealTime, isolate: false }),
      // Chaos wants a quiet machine, so it comes after the others, two files at a time.
      project("chaos", {
        ...withPostgres,
        ...inRealTime,
        maxWorkers: 2,
        sequence: { groupOrder: 1 },
      }),
      // One browser after the other: they take all there is of a small machine.
      project("browser", {
        ...withPostgres,
        ...inRealTime,
        isolate: false,
        maxWorkers: 1,
        env: { HOLDFAST_LOG: "silent" },
      }),
      project("types", { include: [], typecheck: typeTests }),
      project("package", {
        ...inRealTime,
        include: ["test/package/**/*.test.ts", "examples/**/*.test.ts"],
        env: { HOLDFAST_LOG: "silent" },
      }),
      project("repo", { isolate: false }),
    ],
    coverage: {
      provider: "v8",
      include: ["src/core/**/*.ts"],
      exclude: ["**/*.test.ts"],
      reporter: ["text-summary", "html"],
      thresholds: { branches: 100 },
    },
  },
});
