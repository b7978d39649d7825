import { expect, test } from "vitest";
import { readTsConfig } from "./tsconfig.ts";

const plain = { tsEndings: false, bundled: false, oldResolution: false };

function readFiles(files: Readonly<Record<string, string>>) {
  return readTsConfig("tsconfig.json", (name) => files[name.replaceAll(/\/?\.\//g, "")]);
}

test.each([
  ["{}", plain],
  ["{ broken", plain],
  ['{ "compilerOptions": { "allowImportingTsExtensions": true } }', { ...plain, tsEndings: true }],
  [
    '{ "compilerOptions": { "rewriteRelativeImportExtensions": true } }',
    { ...plain, tsEndings: true },
  ],
  ['{ "compilerOptions": { "moduleResolution": "Bundler" } }', { ...plain, bundled: true }],
  ['{ "compilerOptions": { "module": "preserve" } }', { ...plain, bundled: true }],
  ['{ "compilerOptions": { "module": "CommonJS" } }', { ...plain, oldResolution: true }],
  [
    '{ "compilerOptions": { "module": "commonjs", "moduleResolution": "bundler" } }',
    { ...plain, bundled: true },
  ],
  [
    '// how\n{ /* it */ "compilerOptions": { "baseUrl": "http://x//y", "module": "esnext", /* is */ }, }',
    { ...plain, bundled: true },
  ],
])("%s", (text, config) => {
  expect(readFiles({ "tsconfig.json": text })).toEqual(config);
});

test("what it extends counts where it says nothing itself, and a circle ends", () => {
  const files = {
    "tsconfig.json":
      '{ "extends": ["./base.json", "@tsconfig/node24"], "compilerOptions": { "module": "nodenext" } }',
    "base.json":
      '{ "extends": "./tsconfig", "compilerOptions": { "module": "esnext", "allowImportingTsExtensions": true } }',
  };
  expect(readFiles(files)).toEqual({ ...plain, tsEndings: true });
});

test("there may be none", () => {
  expect(readFiles({})).toBeUndefined();
});
