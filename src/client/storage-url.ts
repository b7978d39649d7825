import { HoldfastError } from "../core/errors.ts";

/** Where a URL leads. */
export type StorageTarget =
  | { readonly kind: "sqlite"; readonly path: string }
  | { readonly kind: "postgres"; readonly url: string };

/**
 * Reads a storage URL. What follows `sqlite:` is the path as it is, relative to the working directory unless it begins
 * with a slash; `sqlite://` means the same.
 *
 * @throws {HoldfastError} `INVALID_OPTION` listing the forms there are. It never repeats the URL, which may hold a password.
 */
export function parseStorageUrl(url: string): StorageTarget {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  switch (scheme) {
    case "sqlite":
      return { kind: "sqlite", path: sqlitePath(url.slice("sqlite:".length)) };
    case "postgres":
    case "postgresql":
      if (url.startsWith("//", scheme.length + 1)) {
        return { kind: "postgres", url: scheme + url.slice(scheme.length) };
      }
      throw unknownUrl(`${scheme}: without //`);
    default:
      throw unknownUrl(scheme === undefined ? "one without a scheme" : `${scheme}:`);
  }
}

function sqlitePath(rest: string): string {
  const path = rest.startsWith("//") ? rest.slice(2) : rest;
  if (path === "") throw unknownUrl("sqlite: without a path");
  if (/[?\u0000]/.test(path)) throw unknownUrl("a SQLite path with parameters");
  // What follows `//` in a URL begins with a slash, also before a drive letter.
  return /^\/[a-z]:[/\\]/i.test(path) ? path.slice(1) : path;
}

function unknownUrl(got: string): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    `The storage URL must be sqlite:path (such as sqlite:jobs.db), sqlite::memory: or postgres://user:password@host/database; got ${got}.`,
    { details: { option: "url" } },
  );
}
