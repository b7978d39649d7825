import { expect, test } from "vitest";
import { formatPath } from "./issue.ts";

test.each([
  [[], ""],
  [["a"], "a"],
  [["items", 2, "name"], "items[2].name"],
  [[0, "a"], "[0].a"],
  [["$x", "_y", "größe"], "$x._y.größe"],
  [["first name", "x.y", "", "7", "__proto__"], '["first name"]["x.y"][""]["7"].__proto__'],
  [
    ['a"b', "line\nbreak", "nul\u0000", "\ud83d"],
    '["a\\"b"]["line\\nbreak"]["nul\\u0000"]["\\ud83d"]',
  ],
  [[Symbol("s"), "a"], "[Symbol(s)].a"],
])("a path is readable whatever the keys are (case %#)", (steps, path) => {
  expect(formatPath(steps)).toBe(path);
});
