import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The repository's root folder, with a slash at its end. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A fenced block of code in a page. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
  /** Page and line, as a message shows it. */
  readonly place: string;
}

/** A page of documentation. */
export interface Page {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
}

/** Every page a reader may open. */
export function readPages(): readonly Page[] {
  const inRoot = readdirSync(root).filter((name) => name.endsWith(".md"));
  const inDocs = readdirSync(`${root}docs`, { recursive: true, encoding: "utf8" })
    .map((name) => `docs/${name.replaceAll("\\", "/")}`)
    .filter((name) => name.endsWith(".md"));
  return [...inRoot, ...inDocs].map((path) => ({ path, text: readFileSync(root + path, "utf8") }));
}

/** The fenced blocks of a page, in order. */
export function codeBlocks({ path, text }: Page): readonly CodeBlock[] {
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map((match) => {
    const line = text.slice(0, match.index).split("\n").length;
    return { language: match[1] ?? "", code: match[2] ?? "", place: `${path}:${line}` };
  });
}

/** The sources as pages: only their doc comments, freed of the stars. */
export function readDocComments(): readonly Page[] {
  return readdirSync(`${root}src`, { recursive: true, encoding: "utf8" })
    .map((name) => `src/${name.replaceAll("\\", "/")}`)
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((path) => {
      const lines = readFileSync(root + path, "utf8").split("\n");
      return { path, text: lines.map((line) => /^ *\* ?(.*)$/.exec(line)?.[1] ?? "").join("\n") };
    });
}

/** Where the page's links lead, code left out. */
export function linksOf({ text }: Page): readonly string[] {
  const prose = text.replace(/^```.*?^```$/gms, "").replace(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "");
}

/** The names by which a page's headings can be linked to. */
export function anchorsOf({ text }: Page): readonly string[] {
  const prose = text.replace(/^```.*?^```$/gms, "");
  return [...prose.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? "")
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
