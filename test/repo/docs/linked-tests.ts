import { existsSync } from "node:fs";
import { readTables } from "../../support/markdown-tables.ts";
import { root } from "./pages.ts";
import { titlesIn } from "./test-titles.ts";

/** The end of a row of a table: a file, as its cell has it, and the title of a test in it. */
export interface LinkedTest {
  /** The row's first cell, or the one above it where that is empty. */
  readonly claim: string;
  /** A path from the root, where the cell is a link or a path as code; else the cell as it is. */
  readonly file: string;
  readonly title: string;
  readonly linked: boolean;
}

/** What the rows of a page's tables name in their last two cells. */
export function readLinkedTests(
  page: string,
  isWanted: (heading: string) => boolean = () => true,
): readonly LinkedTest[] {
  let claim = "";
  return [...readTables(page)]
    .filter(([heading]) => isWanted(heading))
    .flatMap(([, rows]) => rows)
    .map((cells) => {
      const [file = "", title = ""] = cells.slice(-2);
      claim = cells[0] || claim;
      const link = /\]\((?:\.\.\/)?(.+)\)$/.exec(file)?.[1];
      const path = link ?? /^`(.+)`$/.exec(file)?.[1] ?? file;
      return { claim, file: path, title, linked: link !== undefined };
    });
}

/** Of some tests, those that are not in the file that is said to have them. */
export function missing(tests: readonly LinkedTest[]): readonly string[] {
  const files = [...new Set(tests.map(({ file }) => file))];
  const titles = new Map(
    files.map((file) => [file, existsSync(root + file) ? titlesIn(root + file) : []]),
  );
  return tests
    .filter(({ file, title }) => titles.get(file)?.includes(title) !== true)
    .map(({ file, title }) => `${file}: ${title}`);
}
