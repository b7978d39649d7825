import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

/** An entry of a lockfile, as far as it names others. */
interface Entry {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Entries = Readonly<Record<string, Entry>>;

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../bench/${name}`, import.meta.url), "utf8"));

/** What entries name and no entry stands for, where Node would look for it. */
function missingEntries(entries: Entries): string[] {
  return Object.entries(entries).flatMap(([place, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !isFound(entries, place, name))
      .map((name) => `${name}, named by ${place === "" ? "package.json" : place}`),
  );
}

/** In a folder `node_modules` beside the package, or in one further up. */
function isFound(entries: Entries, place: string, name: string): boolean {
  const above = place.split("/node_modules/").map((_, index, parts) => {
    return `${parts.slice(0, index + 1).join("/node_modules/")}/node_modules/${name}`;
  });
  return [...above, `node_modules/${name}`].some((path) => entries[path] !== undefined);
}

describe("the lockfile of bench", () => {
  const { packages } = read("package-lock.json") as { readonly packages: Entries };

  test("has an entry for every package that an entry names, those of other platforms too, or npm ci refuses it", () => {
    expect(missingEntries(packages)).toEqual([]);
  });

  test("was made for bench/package.json", () => {
    const { dependencies } = read("package.json") as Entry;
    expect(packages[""]?.dependencies).toEqual(dependencies);
  });
});
