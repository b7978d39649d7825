import { readdirSync, readFileSync } from "node:fs";
import { inRoot } from "../paths.mjs";

/** The folders of the documentation, as a reader would go through them. */
const sections = /** @type {const} */ ([
  ["Start here", "docs", ["README.md"]],
  ["Guides", "docs/guides", undefined],
  ["Recipes", "docs/recipes", undefined],
  ["Coming from", "docs/coming-from", undefined],
  ["API reference", "docs/api", undefined],
  ["Reference", "docs", undefined],
]);

/**
 * An index of the documentation for programs that read: every page with its title and its first sentence (llmstxt.org).
 * @param {ReadonlyMap<string, string>} written pages that are about to be written, by path
 * @returns {string}
 */
export function llmsText(written) {
  const listed = new Set();
  const lines = sections.flatMap(([heading, folder, only]) => {
    const names = only ?? namesIn(folder, written);
    const rows = names
      .map((name) => `${folder}/${name}`)
      .filter((path) => !listed.has(path))
      .map((path) => {
        listed.add(path);
        const { title, says } = summary(written.get(path) ?? readFileSync(inRoot(path), "utf8"));
        return `- [${title}](${path})${says === "" ? "" : `: ${says}`}`;
      });
    return [`\n## ${heading}\n`, ...rows];
  });
  const about =
    "> Durable background jobs for Node and TypeScript, kept in SQLite or PostgreSQL. One library, one command line; the same code and promises on both.";
  return `# Holdfast\n\n${about}\n${lines.join("\n")}\n`;
}

/**
 * @param {string} folder
 * @param {ReadonlyMap<string, string>} written
 */
function namesIn(folder, written) {
  const soon = [...written.keys()].filter((path) => path.startsWith(`${folder}/`));
  const there = readdirSync(inRoot(folder)).filter((name) => name.endsWith(".md"));
  return [...new Set([...there, ...soon.map((path) => path.slice(folder.length + 1))])].toSorted();
}

/** @param {string} text */
function summary(text) {
  const [heading = "", ...rest] = text.split("\n");
  const title = heading.replace(/^# /, "");
  const calls = [...text.matchAll(/^## (\w+)\n\n\*(?:function|class)\*$/gm)].map(
    ([, name]) => name,
  );
  if (calls.length > 0) return { title, says: `${calls.join(", ")}, and the types they take.` };
  const prose = rest
    .join("\n")
    .replace(/^```.*?^```$/gms, "")
    .split(/\n\s*\n/);
  const first = prose.find((part) => /^[A-Z*`]/.test(part.trim())) ?? "";
  const plain = first
    .replaceAll("\n", " ")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .trim();
  return { title, says: /^.*?\.(?= |$)/.exec(plain)?.[0] ?? plain };
}
