import { Visitor } from "oxc-parser";
import { pureRooms } from "./rooms.ts";
import type { Rule, Violation } from "./rule.ts";
import type { SourceFile } from "./source-tree.ts";

const impureMembers = new Set([
  "process.env",
  "process.hrtime",
  "Date.now",
  "Math.random",
  "performance.now",
  "crypto.randomUUID",
  "crypto.getRandomValues",
]);
const impureCalls = new Set(["setTimeout", "setInterval", "setImmediate", "fetch", "Date"]);

export const coreIsPure: Rule = {
  name: "core and process/protocol read no clock, no randomness and no environment",
  why: "the same job, outcome and instant must always give the same settlement, in every test and process.",
  fix: "take the instant, the random number or the setting as an argument.",
  *check(tree) {
    for (const file of tree.sources()) {
      if (file.room !== undefined && pureRooms.includes(file.room)) yield* impurities(file);
    }
  },
};

function impurities(file: SourceFile): Violation[] {
  const found: Violation[] = [];
  const add = (start: number, what: string) => {
    found.push({ path: file.path, line: file.lineAt(start), what: `uses ${what}` });
  };
  new Visitor({
    MemberExpression(node) {
      if (node.object.type !== "Identifier" || node.property.type !== "Identifier") return;
      const name = `${node.object.name}.${node.property.name}`;
      if (impureMembers.has(name)) add(node.start, name);
    },
    NewExpression(node) {
      const isDate = node.callee.type === "Identifier" && node.callee.name === "Date";
      if (isDate && node.arguments.length === 0) add(node.start, "new Date()");
    },
    CallExpression(node) {
      if (node.callee.type !== "Identifier" || !impureCalls.has(node.callee.name)) return;
      add(node.start, `${node.callee.name}()`);
    },
  }).visit(file.program);
  return found;
}

/** How SQL statements begin. Words that English uses too need what follows them in SQL. */
const statements = [
  /^select\b[\s\S]+\sfrom\s/i,
  /^select\s+(\d|\w+\()/i,
  /^insert\s+(or\s+\w+\s+)?into\s/i,
  /^update\s+\S+\s+(as\s+\S+\s+)?set\s/i,
  /^delete\s+from\s/i,
  /^with\s+(recursive\s+)?\w*\s*(\([^)]*\))?\s*as\s+(not\s+)?(materialized\s*)?\(/i,
  /^(create|alter|drop)\s+(or\s+replace\s+|unique\s+|temp\s+)?(table|index|schema|view|function|trigger|type|sequence|database|extension)\s/i,
  /^pragma\s+\w+/i,
  /^begin\s+(immediate|exclusive|deferred|transaction|isolation)/i,
  /^(BEGIN|COMMIT|ROLLBACK)\b[\w\s]*;?$/,
  /^(SAVEPOINT|LISTEN|UNLISTEN|NOTIFY|VACUUM|TRUNCATE|ANALYZE|EXPLAIN|SET LOCAL|LOCK TABLE)\b/,
];

export const sqlOnlyInDrivers: Rule = {
  name: "SQL is written only in src/storage/<driver>",
  why: "what one database is told, both must be told: the contract is the only way to ask.",
  fix: "add a method to a role of src/storage/contract and write it in both drivers.",
  *check(tree) {
    for (const file of tree.sources()) {
      if (file.room === "storage/postgres" || file.room === "storage/sqlite") continue;
      for (const { text, start } of textsIn(file)) {
        if (!looksLikeSql(text)) continue;
        const head = text.trim().slice(0, 40).replaceAll(/\s+/g, " ");
        yield { path: file.path, line: file.lineAt(start), what: `contains SQL: ${head}` };
      }
    }
  },
};

function looksLikeSql(text: string): boolean {
  const statement = text.replaceAll(/^\s*--.*$/gm, "").trim();
  return statements.some((pattern) => pattern.test(statement));
}

interface TextInSource {
  readonly text: string;
  readonly start: number;
}

function textsIn(file: SourceFile): TextInSource[] {
  const found: TextInSource[] = [];
  new Visitor({
    Literal(node) {
      if (typeof node.value === "string") found.push({ text: node.value, start: node.start });
    },
    TemplateLiteral(node) {
      found.push({ text: node.quasis.map((part) => part.value.raw).join("x"), start: node.start });
    },
  }).visit(file.program);
  return found;
}

export const purityRules: readonly Rule[] = [coreIsPure, sqlOnlyInDrivers];
