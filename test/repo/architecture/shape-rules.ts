import path from "node:path";
import { type Statement, Visitor } from "oxc-parser";
import { drivers } from "./rooms.ts";
import type { Rule, Violation } from "./rule.ts";
import type { SourceFile } from "./source-tree.ts";

const mostSourceLines = 300;
const mostTestLines = 400;
const mostFunctionLines = 50;
const vagueNames = ["types", "utils", "helpers", "common", "misc"];

export const fileBudget: Rule = {
  name: `sources have at most ${mostSourceLines} lines, tests at most ${mostTestLines}`,
  why: "a file is read in one sitting, or not at all. There are no exemptions.",
  fix: "find the second concept in the file and give it a file and a name of its own.",
  *check(tree) {
    const sources = [...tree.sources(), ...tree.pageSources()];
    for (const file of sources) yield* overBudget(file, mostSourceLines);
    for (const file of tree.tests()) yield* overBudget(file, mostTestLines);
  },
};

function* overBudget({ path: name, lineCount }: SourceFile, most: number): Iterable<Violation> {
  if (lineCount > most) yield { path: name, what: `has ${lineCount} lines` };
}

export const functionBudget: Rule = {
  name: `functions have at most ${mostFunctionLines} lines`,
  why: "a function that does not fit on a screen does more than its name says.",
  fix: "name its steps and make them functions.",
  *check(tree) {
    for (const file of [...tree.sources(), ...tree.pageSources()]) yield* longFunctions(file);
  },
};

function longFunctions(file: SourceFile): Violation[] {
  const found: Violation[] = [];
  const measure = ({ start, end }: { start: number; end: number }) => {
    const line = file.lineAt(start);
    const lines = file.lineAt(end) - line + 1;
    if (lines > mostFunctionLines) {
      found.push({ path: file.path, line, what: `begins a function of ${lines} lines` });
    }
  };
  new Visitor({
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
  }).visit(file.program);
  return found;
}

export const tellingNames: Rule = {
  name: `no file is called ${vagueNames.join(", ")}`,
  why: "a name that fits everything collects everything.",
  fix: "name the file after the one concept it exports.",
  *check(tree) {
    for (const file of [...tree.sources(), ...tree.pageSources(), ...tree.tests()]) {
      const name = path.posix.basename(file.path).split(".")[0] ?? "";
      if (vagueNames.includes(name)) yield { path: file.path, what: "says nothing by its name" };
    }
  },
};

export const plainEntries: Rule = {
  name: "entry files hold only re-exports by name",
  why: "an entry file is the list of what users may rely on; it must be readable as one.",
  fix: 'write `export { name } from "./room/file.ts";` and keep code in a room.',
  *check(tree) {
    for (const file of tree.sources().filter(({ room }) => room === "entry")) {
      for (const statement of file.program.body) {
        if (isNamedReExport(statement)) continue;
        yield {
          path: file.path,
          line: file.lineAt(statement.start),
          what: "is no re-export by name",
        };
      }
    }
  },
};

const isNamedReExport = (statement: Statement): boolean =>
  statement.type === "ExportNamedDeclaration" && statement.source !== null;

export const mirroredDrivers: Rule = {
  name: "every role of src/storage/contract has a file of the same name in each driver",
  why: "both databases keep the same promises, and a reader finds the same thing in the same place.",
  fix: "add the missing file to the driver; names of private files are free.",
  *check(tree) {
    const paths = tree.sources().map((file) => file.path);
    const roles = paths.filter((name) => /^src\/storage\/contract\/[^/]+$/.test(name));
    const present = drivers.filter((driver) => {
      return paths.some((name) => name.startsWith(`src/storage/${driver}/`));
    });
    for (const role of roles.map((name) => path.posix.basename(name))) {
      if (role === "storage.ts") continue;
      for (const driver of present) {
        const expected = `src/storage/${driver}/${role}`;
        if (!tree.has(expected)) yield { path: expected, what: "is missing" };
      }
    }
  },
};

export const shapeRules: readonly Rule[] = [
  fileBudget,
  functionBudget,
  tellingNames,
  plainEntries,
  mirroredDrivers,
];
