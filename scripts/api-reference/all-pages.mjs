import { readFileSync } from "node:fs";
import { inRoot } from "../paths.mjs";
import { llmsText } from "./llms-text.mjs";
import { callsOf, pageOf } from "./page.mjs";

/** Every page of the reference: where it is kept, and its text. */
export function apiPages() {
  const entries = entriesOf();
  const rows = entries.map((entry) => {
    const calls = callsOf(entry).map((name) => `\`${name}\``);
    return `| [${entry.name}](${entry.page}) | ${calls.join(", ") || "types only"} |`;
  });
  const index = [
    "# API reference",
    "Written by `npm run docs:api` from the sources: every name of every door of the package.",
    ["| import from | functions and classes |", "|---|---|", ...rows].join("\n"),
  ];
  const pages = entries.map((entry) => [`docs/api/${entry.page}`, pageOf(entry)]);
  const written = new Map(
    /** @type {[string, string][]} */ ([
      ["docs/api/README.md", `${index.join("\n\n")}\n`],
      ...pages,
    ]),
  );
  return written.set("llms.txt", llmsText(written));
}

/**
 * The doors that package.json names.
 * @returns {import("./page.mjs").Entry[]}
 */
function entriesOf() {
  const { name, exports } = manifest();
  return Object.entries(exports).flatMap(([door, target]) => {
    if (typeof target === "string") return [];
    const source = target.default.replace("./dist/", "src/").replace(/\.js$/, ".ts");
    return [
      {
        name: door === "." ? name : `${name}${door.slice(1)}`,
        path: inRoot(source),
        page: door === "." ? `${name}.md` : `${door.slice(2)}.md`,
      },
    ];
  });
}

function manifest() {
  const text = readFileSync(inRoot("package.json"), "utf8");
  return /** @type {{ name: string, exports: Record<string, string | { default: string }> }} */ (
    JSON.parse(text)
  );
}
