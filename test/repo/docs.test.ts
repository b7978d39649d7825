import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { linkPackages } from "../support/linked-packages.ts";
import {
  anchorsOf,
  codeBlocks,
  linksOf,
  type Page,
  readDocComments,
  readPages,
  root,
} from "./docs/pages.ts";
import { shellCommands, tryCommands } from "./docs/shell-commands.ts";
import { compileSnippets } from "./docs/snippet-project.ts";

const pages = readPages();
/** What the reference shows is taken from sources that compile, its examples too. */
const isWritten = ({ path }: Page) => !path.startsWith("docs/api/");
const blocks = pages.filter(isWritten).flatMap((page) => codeBlocks(page));
const inLanguage = (language: string) => blocks.filter((block) => block.language === language);

function pageAt(path: string): Page {
  const page = pages.find((one) => one.path === path);
  if (page === undefined) throw new Error(`there is no page ${path}`);
  return page;
}

describe("README.md", () => {
  const readme = pageAt("README.md");

  test("has at most 120 lines", () => {
    expect(readme.text.trimEnd().split("\n").length).toBeLessThanOrEqual(120);
  });

  test("shows the quickstart exactly as npm run quickstart runs it, in under 25 lines", () => {
    const shown = codeBlocks(readme).find(({ language }) => language === "js")?.code;
    const file = readFileSync(`${root}examples/quickstart/quickstart.mjs`, "utf8");
    expect(shown).toBe(file);
    expect(file.trimEnd().split("\n").length).toBeLessThan(25);
  });

  test("begins with the demo, then the quickstart", () => {
    expect(codeBlocks(readme)[0]?.code).toBe("npm run demo\n");
    expect(codeBlocks(readme)[1]?.language).toBe("js");
  });
});

describe("docs/guides/testing.md", () => {
  test("shows the examples exactly as they are run", () => {
    const shown = codeBlocks(pageAt("docs/guides/testing.md")).map(({ code }) => code);
    for (const name of ["jobs", "vitest.test", "jest.test"]) {
      expect(shown).toContain(readFileSync(`${root}examples/testing/${name}.ts`, "utf8"));
    }
  });
});

describe("every page", () => {
  test("has code only in languages that are checked here", () => {
    const checked = ["ts", "js", "sh", "mermaid", "json", "bash", "python", "sql", "yaml"];
    const unknown = blocks.filter(({ language }) => !checked.includes(language));
    expect(unknown.map(({ place, language }) => `${place} ${language}`)).toEqual([]);
    expect(inLanguage("js"), "js is the quickstart; write ts").toHaveLength(1);
  });

  test("has TypeScript that compiles", () => {
    expect(compileSnippets(inLanguage("ts"))).toBe("");
  });

  test("has programs in other languages exactly as the examples have them", () => {
    const folders = ["any-language", "producers"].map((name) => `${root}examples/${name}/`);
    const programs = folders.flatMap((folder) =>
      readdirSync(folder).map((name) => readFileSync(folder + name, "utf8")),
    );
    const shown = [...inLanguage("bash"), ...inLanguage("python"), ...inLanguage("sql")];
    expect(shown.length).toBeGreaterThan(0);
    const different = shown.filter(({ code }) => !programs.includes(code));
    expect(different.map(({ place }) => place)).toEqual([]);
  });

  test("has JSON, a value on each line", () => {
    const lines = inLanguage("json").flatMap(({ code }) => code.trimEnd().split("\n"));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(() => void JSON.parse(line), line).not.toThrow();
  });

  test("has YAML that can be read", () => {
    const wrong = inLanguage("yaml").flatMap(({ code, place }) =>
      parseAllDocuments(code).flatMap(({ errors }) =>
        errors.map((error) => `${place} ${error.message}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  test("has commands that work", () => {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-docs-"));
    try {
      linkPackages(folder);
      const migrate = ["npx", "holdfast", "migrate", "--url", "sqlite:jobs.db"];
      const commands = [{ words: migrate, place: "first" }, ...shellCommands(inLanguage("sh"))];
      expect(tryCommands(commands, folder)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("links to what exists", () => {
    const broken = pages.flatMap((page) =>
      linksOf(page)
        .filter((link) => !leadsSomewhere(page, link))
        .map((link) => `${page.path}: ${link}`),
    );
    expect(broken).toEqual([]);
  });
});

test("every @example in the sources compiles", () => {
  const examples = readDocComments().flatMap((page) => codeBlocks(page));
  expect(examples.length).toBeGreaterThan(10);
  expect(examples.filter(({ language }) => language !== "ts")).toEqual([]);
  expect(compileSnippets(examples)).toBe("");
});

/** Links to other sites are believed. */
function leadsSomewhere(from: Page, link: string): boolean {
  if (link.startsWith("https://")) return true;
  const [file = "", anchor] = link.split("#");
  const path = file === "" ? from.path : normalize(join(dirname(from.path), file));
  if (!existsSync(root + path)) return false;
  return anchor === undefined || anchorsOf(pageAt(path)).includes(anchor);
}
