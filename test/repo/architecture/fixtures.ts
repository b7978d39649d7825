import {
  everyFileHasARoom,
  importTable,
  noCycles,
  noDriverOutside,
  packageTable,
} from "./import-rules.ts";
import { pageImports, sharedImports } from "./page-rules.ts";
import { coreIsPure, sqlOnlyInDrivers } from "./purity-rules.ts";
import type { Rule } from "./rule.ts";
import {
  fileBudget,
  functionBudget,
  mirroredDrivers,
  plainEntries,
  tellingNames,
} from "./shape-rules.ts";

type Texts = Readonly<Record<string, string>>;

/** A tiny tree that breaks `rule`, and a piece of the message that must say so. */
export interface Fixture {
  readonly rule: Rule;
  readonly says: string;
  readonly texts: Texts;
}

const broken = (rule: Rule, says: string, texts: Texts): Fixture => ({ rule, says, texts });
const lines = (count: number) => "export {};\n".repeat(count);

export const brokenTrees: readonly Fixture[] = [
  broken(everyFileHasARoom, "src/attic/a.ts", { "src/attic/a.ts": "" }),
  broken(everyFileHasARoom, "src/storage/a.ts", { "src/storage/a.ts": "" }),

  broken(importTable, "client/b.ts", { "src/core/a.ts": 'import "../client/b.ts";' }),
  broken(importTable, "core/b.ts", {
    "src/storage/contract/a.ts": 'import { b } from "../../core/b.ts";',
  }),
  broken(importTable, "client/b.ts", { "src/runtime/a.ts": 'export { b } from "../client/b.ts";' }),
  broken(importTable, "runtime/b.ts", {
    "src/client/a.ts": 'type B = import("../runtime/b.ts").B;',
  }),
  broken(importTable, "contract/b.ts", {
    "src/runtime/executor.ts": 'import type { B } from "../storage/contract/b.ts";',
  }),
  broken(importTable, "src/index.ts", { "src/client/a.ts": 'import { a } from "../index.ts";' }),
  broken(importTable, "process/b.ts", {
    "src/process/protocol/a.ts": 'import type { B } from "../b.ts";',
  }),
  broken(importTable, "runtime/b.ts", { "src/process/a.ts": 'import "../runtime/b.ts";' }),
  broken(importTable, "test/b.ts", { "src/client/a.ts": 'import { b } from "../../test/b.ts";' }),

  broken(noDriverOutside, "sqlite/b.ts", {
    "src/storage/postgres/a.ts": 'import type { B } from "../sqlite/b.ts";',
  }),
  broken(noDriverOutside, "sqlite/b.ts", {
    "src/index.ts": 'export { b } from "./storage/sqlite/b.ts";',
  }),
  broken(noDriverOutside, "postgres/b.ts", {
    "src/sqlite.ts": 'export { b } from "./storage/postgres/b.ts";',
  }),
  broken(noDriverOutside, "statically", {
    "src/client/open-storage.ts": 'import { b } from "../storage/sqlite/b.ts";',
  }),

  broken(packageTable, "import node:fs", { "src/core/a.ts": 'import "node:fs";' }),
  broken(packageTable, "@standard-schema/spec", {
    "src/core/a.ts": 'import { a } from "@standard-schema/spec";',
  }),
  broken(packageTable, "import pg", {
    "src/storage/sqlite/a.ts": 'import type { Pool } from "pg";',
  }),
  broken(packageTable, "import pg", { "src/client/a.ts": 'const pg = await import("pg");' }),
  broken(packageTable, "node:sqlite", {
    "src/testing/a.ts": 'import { DatabaseSync } from "node:sqlite";',
  }),
  broken(packageTable, "(computed)", { "src/client/a.ts": "void import(name);" }),
  broken(packageTable, "import fs", { "src/runtime/a.ts": 'const fs = require("fs");' }),

  broken(noCycles, "src/core/a.ts → src/core/b.ts → src/core/a.ts", {
    "src/core/a.ts": 'import type { B } from "./b.ts";',
    "src/core/b.ts": 'import type { A } from "./a.ts";',
  }),
  broken(noCycles, "src/core/a.ts → src/core/a.ts", { "src/core/a.ts": 'export * from "./a.ts";' }),

  broken(noCycles, "web/src/a.tsx → web/src/a.tsx", { "web/src/a.tsx": 'import "./a.tsx";' }),

  broken(pageImports, "src/core/b.ts", {
    "web/src/a.tsx": 'import { b } from "../../src/core/b.ts";',
  }),
  broken(pageImports, "src/client/b.ts", {
    "web/src/a.ts": 'import type { B } from "../../src/client/b.ts";',
  }),
  broken(pageImports, "node:fs", { "web/src/a.ts": 'import "node:fs";' }),
  broken(sharedImports, "client/b.ts", {
    "src/dashboard/filter/a.ts": 'import { b } from "../../client/b.ts";',
  }),
  broken(sharedImports, "node:fs", { "src/dashboard/json/a.ts": 'import "node:fs";' }),

  broken(coreIsPure, "a.ts:2  uses Date.now", { "src/core/a.ts": "\nDate.now();" }),
  broken(coreIsPure, "Math.random", {
    "src/core/a.ts": "const { random } = { random: Math.random };",
  }),
  broken(coreIsPure, "new Date()", { "src/core/a.ts": "new Date();" }),
  broken(coreIsPure, "process.env", { "src/core/a.ts": 'process.env["A"];' }),
  broken(coreIsPure, "Date.now", { "src/process/protocol/a.ts": "Date.now();" }),
  broken(coreIsPure, "setTimeout", { "src/core/a.ts": "setTimeout(f, 1);" }),

  broken(sqlOnlyInDrivers, "contains SQL: select id", {
    "src/client/a.ts": "f(`select id from ${table}`);",
  }),
  broken(sqlOnlyInDrivers, "contains SQL: WITH", {
    "src/cli/a.ts": 'f("WITH due AS (SELECT 1)");',
  }),
  broken(sqlOnlyInDrivers, "UPDATE jobs", {
    "src/runtime/a.ts": "f(`-- why\n  UPDATE jobs SET a = 1`);",
  }),
  broken(sqlOnlyInDrivers, "COMMIT", { "src/storage/shared/a.ts": 'f("COMMIT");' }),
  broken(sqlOnlyInDrivers, "pragma", { "src/testing/a.ts": 'f("pragma user_version");' }),

  broken(fileBudget, "has 301 lines", { "src/core/a.ts": lines(301) }),
  broken(fileBudget, "has 301 lines", { "web/src/a.tsx": lines(301) }),
  broken(fileBudget, "has 401 lines", { "src/core/a.test.ts": lines(401) }),
  broken(fileBudget, "has 401 lines", { "test/unit/a.test.ts": lines(401) }),
  broken(functionBudget, "function of 51 lines", {
    "src/core/a.ts": `const f = () => {${"\n".repeat(50)}};`,
  }),
  broken(functionBudget, "a.ts:1  begins", {
    "src/core/a.ts": `class A { m() {${"\n".repeat(60)}} }`,
  }),
  broken(functionBudget, "web/src/a.tsx:1", {
    "web/src/a.tsx": `const A = () => (<p>${"\n".repeat(50)}</p>);`,
  }),
  broken(tellingNames, "src/core/types.ts", { "src/core/types.ts": "" }),
  broken(tellingNames, "test/unit/helpers.ts", { "test/unit/helpers.ts": "" }),
  broken(plainEntries, "index.ts:1", { "src/index.ts": 'export * from "./core/a.ts";' }),
  broken(plainEntries, "sqlite.ts:1", { "src/sqlite.ts": "export const a = 1;" }),
  broken(mirroredDrivers, "src/storage/sqlite/claim.ts", {
    "src/storage/contract/claim.ts": "",
    "src/storage/postgres/claim.ts": "",
    "src/storage/sqlite/sqlite-storage.ts": "",
  }),
];

/** Everything the rules look at, done as it should be. */
export const soundTree: Texts = {
  "src/index.ts":
    'export { a } from "./client/open-storage.ts";\nexport type { B } from "./core/b.ts";',
  "src/sqlite.ts": 'export { c } from "./storage/sqlite/claim.ts";',
  "src/client/open-storage.ts":
    'import { b } from "../core/b.ts";\nexport const a = () => import("../storage/sqlite/claim.ts");',
  "src/core/b.ts":
    'import type { StandardSchemaV1 } from "@standard-schema/spec";\nexport const b = new Date(0);',
  "src/runtime/executor.ts":
    'import type { A } from "../client/open-storage.ts";\nf("Update the queue, then select one from it.");',
  "src/runtime/settler.ts":
    'import type { C } from "../storage/contract/claim.ts";\nimport "node:os";',
  "src/storage/contract/claim.ts": 'import type { B } from "../../core/b.ts";',
  "src/storage/contract/storage.ts": 'import type { C } from "./claim.ts";',
  "src/storage/sqlite/claim.ts": 'import "node:sqlite";\nexport const c = "SELECT id FROM live";',
  "src/dashboard/filter/parse.ts": 'import { b } from "../../core/b.ts";\nexport const p = 1;',
  "web/src/shell/app.tsx":
    'import { useState } from "react";\nimport { p } from "../../../src/dashboard/filter/parse.ts";\nimport type { B } from "../../../src/core/b.ts";',
  "src/core/b.test.ts": 'import { test } from "vitest";\nDate.now();\nf("SELECT 1");',
};
