import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { generatedFiles } from "../../bench/report/write-pages.ts";
import { root } from "./docs/pages.ts";

const advice = "a figure was typed by hand, or the results changed: npm run bench:pages";

/** With an empty bench/results the pages must say so, in the same way. */
describe("what the bench measured", () => {
  const files = generatedFiles(root);

  test.each(files.map((file) => [file.path, file] as const))(
    "%s says what the newest results say, and nothing else",
    (path, { text }) => {
      const current = existsSync(root + path) ? readFileSync(root + path, "utf8") : undefined;
      expect(current === text, advice).toBe(true);
    },
  );
});
