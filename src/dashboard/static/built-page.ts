import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { gzipSync } from "node:zlib";

/** A file of the built page, ready to be sent. */
export interface BuiltFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same compressed, where that is smaller; done when it is first asked for. */
  gzip(): Uint8Array<ArrayBuffer> | undefined;
  readonly type: string;
  readonly etag: string;
}

/** The files of the built page by their paths below its folder, such as `assets/index-1a2b.js`. */
export type BuiltPage = ReadonlyMap<string, BuiltFile>;

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

const packed = new Set([".ico", ".png", ".woff2"]);

/**
 * Reads the built page, all of it: what is asked for later is looked up among what was found, so that no path leads out of the folder.
 * `undefined` when there is none. The HTML is made to be at home under a base path.
 */
export function readBuiltPage(folder: string, basePath: string): BuiltPage | undefined {
  const page = new Map<string, BuiltFile>();
  for (const path of pathsIn(folder)) {
    const bytes = readFileSync(join(folder, path));
    const own = path === "index.html" ? Buffer.from(withBase(bytes.toString(), basePath)) : bytes;
    page.set(path, fileOf(extname(path), own));
  }
  return page.has("index.html") ? page : undefined;
}

function pathsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && Object.hasOwn(types, extname(entry.name)))
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"));
  } catch {
    return [];
  }
}

/** All URLs of the page are relative to this; a base path holds nothing that HTML would misread. */
function withBase(html: string, basePath: string): string {
  return html.replace(/<head[^>]*>/i, (head) => `${head}<base href="${basePath}/">`);
}

function fileOf(extension: string, read: Uint8Array): BuiltFile {
  const bytes = new Uint8Array(read);
  let smaller: Uint8Array<ArrayBuffer> | undefined;
  return {
    bytes,
    gzip() {
      if (packed.has(extension)) return undefined;
      smaller ??= new Uint8Array(gzipSync(bytes, { level: 9 }));
      return smaller.length < bytes.length ? smaller : undefined;
    },
    type: types[extension] ?? "application/octet-stream",
    etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
  };
}
