import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Comment, parseSync, type Program } from "oxc-parser";
import { type Import, importsOf } from "./imports.ts";
import { type Room, roomOf } from "./rooms.ts";

/** One source file, read and parsed. */
export interface SourceFile {
  /** From the repository's root, with slashes. */
  readonly path: string;
  readonly room: Room | undefined;
  readonly program: Program;
  readonly comments: readonly Comment[];
  readonly imports: readonly Import[];
  readonly lineCount: number;
  lineAt(offset: number): number;
}

/** Every TypeScript file below `src`, `test` and `web`, by path. */
export class SourceTree {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #parsed = new Map<string, SourceFile>();

  /** @param texts source text by path, as a table of fixtures gives it */
  constructor(texts: Readonly<Record<string, string>>) {
    this.#texts = new Map(Object.entries(texts));
  }

  static read(root: string): SourceTree {
    const names = ["src", "test", "web"].flatMap((folder) => typescriptBelow(root, folder));
    const texts = names.map((name) => [name, readFileSync(path.join(root, name), "utf8")] as const);
    return new SourceTree(Object.fromEntries(texts));
  }

  has(name: string): boolean {
    return this.#texts.has(name);
  }

  /** What the package is made of: `src` without its tests. */
  sources(): SourceFile[] {
    return this.#select((name) => name.startsWith("src/") && !name.endsWith(".test.ts"));
  }

  /** What the dashboard's page is made of: `web/src` without its tests. */
  pageSources(): SourceFile[] {
    return this.#select((name) => name.startsWith("web/src/") && !name.endsWith(".test.ts"));
  }

  tests(): SourceFile[] {
    return this.#select((name) => name.startsWith("test/") || name.endsWith(".test.ts"));
  }

  #select(matches: (name: string) => boolean): SourceFile[] {
    return [...this.#texts]
      .filter(([name]) => matches(name))
      .map(([name, text]) => this.#file(name, text));
  }

  /** Not everybody asks for all of them. */
  #file(name: string, text: string): SourceFile {
    const file = this.#parsed.get(name) ?? parse(name, text);
    this.#parsed.set(name, file);
    return file;
  }
}

function parse(name: string, text: string): SourceFile {
  const { program, comments, errors } = parseSync(name, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${name} cannot be parsed: ${error.message}`);
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length;
  return {
    path: name,
    room: roomOf(name),
    program,
    comments,
    imports: importsOf(name, program, lineAt),
    lineCount: text.replace(/\n$/, "").split("\n").length,
    lineAt,
  };
}

function typescriptBelow(root: string, folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .sort();
}
