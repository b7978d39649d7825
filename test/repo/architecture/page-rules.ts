import type { Import } from "./imports.ts";
import type { Rule } from "./rule.ts";

/** What the page runs of src: pure modules that the server runs as well. */
const shared = /^src\/dashboard\/(filter|json)\//;
/** What those may import: core is pure, and runs anywhere. */
const sharedUses = /^src\/(dashboard\/(filter|json)|core)\//;
/** What the page knows of src by its types only: how the API answers, and what is in it. */
const described = /^src\/(dashboard\/(wire|access)|core)\//;
const library = /^(react|react-dom|@tanstack\/react-query|wouter|uplot|cronstrue|vitest)(\/|$)/;

export const pageImports: Rule = {
  name: "web imports itself, its libraries, src/dashboard/filter and json, and types of the wire",
  why: "what the page imports is sent to browsers, and has to run there.",
  fix: "ask the API for it, or move a pure decision that both sides need to src/dashboard/filter or json.",
  *check(tree) {
    for (const { path, imports } of tree.pageSources()) {
      for (const edge of imports) {
        if (!mayPageImport(edge))
          yield { path, line: edge.line, what: `may not import ${nameOf(edge)}` };
      }
    }
  },
};

export const sharedImports: Rule = {
  name: "src/dashboard/filter and json import only themselves and core, and types",
  why: "the page runs them in browsers, where there is no Node, and what they import is sent along.",
  fix: "hand it in as an argument.",
  *check(tree) {
    for (const { path, imports } of tree.sources().filter((file) => shared.test(file.path))) {
      for (const edge of imports) {
        if (edge.typesOnly || sharedUses.test(edge.target ?? "")) continue;
        yield { path, line: edge.line, what: `may not import ${nameOf(edge)}` };
      }
    }
  },
};

export const pageRules: readonly Rule[] = [pageImports, sharedImports];

function mayPageImport({ target, specifier, typesOnly }: Import): boolean {
  if (target === undefined) return library.test(specifier);
  if (target.startsWith("web/") || shared.test(target)) return true;
  return typesOnly && described.test(target);
}

const nameOf = ({ target, specifier }: Import): string => target ?? specifier;
