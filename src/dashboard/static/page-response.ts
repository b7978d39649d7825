import { HoldfastError } from "../../core/errors.ts";
import { type BuiltFile, type BuiltPage, readBuiltPage } from "./built-page.ts";

/** Names of files in it change with what they hold. */
const assets = "assets/";

/**
 * Answers with the built page: a file of it for its path, and for any other path the page itself, which knows what to show there.
 * It is read once, when first asked for.
 *
 * @throws {HoldfastError} `PAGE_NOT_BUILT`; `ROUTE_NOT_FOUND` for an asset that is not there.
 */
export function createPageResponse(
  folder: string,
  basePath: string,
): (request: Request, path: string) => Response {
  let page: BuiltPage | undefined;
  return (request, path) => {
    // A link relative to `//name` would lead to the host of that name.
    if (path.startsWith("/")) {
      const message = "No page has an address with two slashes at its beginning.";
      throw new HoldfastError("ROUTE_NOT_FOUND", message);
    }
    page ??= readBuiltPage(folder, basePath);
    const index = page?.get("index.html");
    if (page === undefined || index === undefined) {
      throw new HoldfastError("PAGE_NOT_BUILT", `There is no index.html in ${folder}.`);
    }
    const file = page.get(path);
    if (file !== undefined && file !== index)
      return respond(request, file, path.startsWith(assets));
    if (path.startsWith(assets)) {
      const message =
        "The page has no such file. It may be of another version: load the page anew.";
      throw new HoldfastError("ROUTE_NOT_FOUND", message);
    }
    return respond(request, index, false);
  };
}

function respond({ headers }: Request, file: BuiltFile, forever: boolean): Response {
  const told = {
    "cache-control": forever ? "public, max-age=31536000, immutable" : "no-cache",
    etag: file.etag,
    vary: "accept-encoding",
  };
  if (sameTag(headers.get("if-none-match"), file.etag)) {
    return new Response(null, { status: 304, headers: told });
  }
  const gzip = takesGzip(headers.get("accept-encoding")) ? file.gzip() : undefined;
  const encoding = gzip === undefined ? {} : { "content-encoding": "gzip" };
  const body = gzip ?? file.bytes;
  const length = { "content-length": String(body.length), "content-type": file.type };
  return new Response(body, { headers: { ...told, ...encoding, ...length } });
}

/** A proxy that compresses marks the tag as weak. */
function sameTag(asked: string | null, etag: string): boolean {
  return asked?.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag) ?? false;
}

function takesGzip(accepted: string | null): boolean {
  return (
    accepted?.split(",").some((each) => /^\s*gzip\s*(;\s*q=(?!0(\.0+)?\s*$).*)?$/i.test(each)) ??
    false
  );
}
