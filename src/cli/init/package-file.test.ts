import { expect, test } from "vitest";
import { addScripts, hasOwnTests } from "./package-file.ts";

const placeholder = 'echo "Error: no test specified" && exit 1';
const scripts = [
  { name: "test", command: "node --test" },
  { name: "worker", command: "node worker.js" },
];

test("scripts are added, npm's placeholder is replaced, and the rest of the file stays as it is", () => {
  const before = `{\n\t"name": "shop",\n\t"scripts": {\n\t\t"test": ${JSON.stringify(placeholder)},\n\t\t"start": "node ."\n\t},\n\t"license": "MIT"\n}`;
  const { text, added, kept } = addScripts(before, scripts);
  expect(text).toBe(
    '{\n\t"name": "shop",\n\t"scripts": {\n\t\t"test": "node --test",\n\t\t"start": "node .",\n\t\t"worker": "node worker.js"\n\t},\n\t"license": "MIT"\n}',
  );
  expect({ added, kept }).toEqual({ added: ["test", "worker"], kept: [] });
  expect(addScripts(text, scripts)).toEqual({ text, added: [], kept: [] });
});

test("a script of that name which says something else is kept, and named", () => {
  const before = '{ "scripts": { "worker": "php artisan queue:work" } }\n';
  const { text, added, kept } = addScripts(before, scripts);
  expect(JSON.parse(text)).toEqual({
    scripts: { worker: "php artisan queue:work", test: "node --test" },
  });
  expect({ added, kept }).toEqual({ added: ["test"], kept: ["worker"] });
});

test.each([
  [{}, false],
  [{ test: placeholder }, false],
  [{ test: "node --test" }, false],
  [{ test: "vitest run" }, true],
])("scripts %j have tests of their own: %j", (has, own) => {
  expect(hasOwnTests({ scripts: has }, "node --test")).toBe(own);
});
