import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readMutants } from "../../scripts/mutant-patches.mjs";
import { root } from "./docs/pages.ts";
import { titlesIn } from "./docs/test-titles.ts";

const mutants = readMutants();

/** Laws are stated in the chapters beside the file that proves them of a driver. */
const lawTitles = readdirSync(`${root}test/conformance`)
  .filter((name) => name.endsWith(".ts"))
  .flatMap((name) => titlesIn(`${root}test/conformance/${name}`));

function titlesRunBy(file: string): readonly string[] {
  if (!existsSync(root + file)) return [];
  return file.startsWith("test/conformance/") ? lawTitles : titlesIn(root + file);
}

/** True when the title as it stands in the source, placeholders included, can be the one given. */
function isWrittenAs(source: string, title: string): boolean {
  const parts = source.split(/\$\{[^}]*\}|%[a-z]/);
  const pattern = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*");
  return new RegExp(`^${pattern}$`, "s").test(title);
}

describe("test/mutants", () => {
  test("holds at least one way to break each trap, fence and law worth naming", () => {
    expect(mutants.length).toBeGreaterThanOrEqual(30);
    const numbers = mutants.map(({ name }) => /^(\d\d[a-z]?)-[a-z-]+\.patch$/.exec(name)?.[1]);
    expect(numbers, "a number, a letter if need be, and words").not.toContain(undefined);
    expect(new Set(numbers).size, "one number each").toBe(numbers.length);
  });

  test("changes sources and nothing else, and names a test that exists", () => {
    for (const { name, sources, file, test: title } of mutants) {
      expect(sources.length, name).toBeGreaterThan(0);
      for (const source of sources) expect(source, name).toMatch(/^src\/.+(?<!\.test)\.ts$/);
      const known = titlesRunBy(file).some((source) => isWrittenAs(source, title));
      expect(known, `${name}: ${file} has no test "${title}"`).toBe(true);
    }
  });

  test.each(mutants.map(({ name, patch }) => [name, patch]))("%s applies", (_, patch) => {
    const { status, stderr } = spawnSync("git", ["apply", "--check", "-C1", patch], {
      cwd: root,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });
});
