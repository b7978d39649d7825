import path from "node:path";
import { type Expression, type Program, Visitor } from "oxc-parser";

/** One way a file reaches another file or a package. */
export interface Import {
  /** As written: `./claim.ts`, `pg`, `node:fs`. */
  readonly specifier: string;
  /** The file a relative specifier leads to, from the repository's root. */
  readonly target: string | undefined;
  /** True when nothing of it is left after compilation. */
  readonly typesOnly: boolean;
  /** True for `import("...")`. */
  readonly dynamic: boolean;
  readonly line: number;
}

/** Everything `program` imports, re-exports, requires or names by `import("...")`. */
export function importsOf(file: string, program: Program, lineAt: (offset: number) => number) {
  const found: Import[] = [];
  const add = (source: string, start: number, kind: { typesOnly?: boolean; dynamic?: boolean }) => {
    const target = source.startsWith(".")
      ? path.posix.join(path.posix.dirname(file), source)
      : undefined;
    const { typesOnly = false, dynamic = false } = kind;
    found.push({ specifier: source, target, typesOnly, dynamic, line: lineAt(start) });
  };
  new Visitor({
    ImportDeclaration(node) {
      const names = node.specifiers;
      const onlyTypes = names.length > 0 && names.every(isTypeSpecifier);
      add(node.source.value, node.start, { typesOnly: node.importKind === "type" || onlyTypes });
    },
    ExportNamedDeclaration(node) {
      if (node.source === null) return;
      add(node.source.value, node.start, { typesOnly: node.exportKind === "type" });
    },
    ExportAllDeclaration(node) {
      add(node.source.value, node.start, { typesOnly: node.exportKind === "type" });
    },
    ImportExpression(node) {
      add(literal(node.source), node.start, { dynamic: true });
    },
    TSImportType(node) {
      add(node.source.value, node.start, { typesOnly: true });
    },
    CallExpression(node) {
      const [argument] = node.arguments;
      if (node.callee.type !== "Identifier" || node.callee.name !== "require") return;
      if (argument === undefined || argument.type === "SpreadElement") return;
      add(literal(argument), node.start, { dynamic: true });
    },
  }).visit(program);
  return found;
}

function isTypeSpecifier(specifier: { type: string; importKind?: string | null }): boolean {
  return specifier.type === "ImportSpecifier" && specifier.importKind === "type";
}

/** A specifier that is computed at run time is shown as such, and no table allows it. */
function literal(node: Expression): string {
  return node.type === "Literal" && typeof node.value === "string" ? node.value : "(computed)";
}
