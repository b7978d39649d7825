import { HoldfastError } from "../../core/errors.ts";

/**
 * Refuses a write that a page of somebody else could have sent: a browser adds the header and the content type only for a page it lets
 * read the answers, and says in `origin` whose page it is.
 *
 * @throws {HoldfastError} `ORIGIN_REFUSED`.
 */
export function checkWriteOrigin({ headers }: Request, origins: readonly string[]): void {
  if (!headers.has("x-holdfast")) throw refused("Send the header x-holdfast: 1.");
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  if (type.trim().toLowerCase() !== "application/json") {
    throw refused("Send the body as content-type: application/json.");
  }
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  if (origin === null) {
    // A browser that says its mode says the site too; fetch of Node says the mode alone.
    const isProgram = site === null && !headers.has("referer");
    if (site === "same-origin" || site === "none" || isProgram) return;
    throw refused(elsewhere);
  }
  if (origins.includes(origin)) return;
  if ((site !== null && site !== "same-origin") || !isOf(origin, headers.get("host"))) {
    throw refused(elsewhere);
  }
}

/**
 * Refuses a read that a page of somebody else makes. It could not see the answer, only learn how long it takes and have the work done.
 *
 * @throws {HoldfastError} `ORIGIN_REFUSED`.
 */
export function checkReadOrigin({ headers }: Request, origins: readonly string[]): void {
  const site = headers.get("sec-fetch-site");
  if (site !== "cross-site" && site !== "same-site") return;
  if (headers.get("sec-fetch-mode") === "navigate") return;
  if (!origins.includes(headers.get("origin") ?? "")) throw refused(elsewhere);
}

const elsewhere =
  "The request comes from a page of another origin. Behind a proxy that changes the Host header, name the origin of the dashboard's page in origins.";

/** True when an origin's host is the one that was asked, whatever port goes without saying. */
function isOf(origin: string, host: string | null): boolean {
  if (host === null || /[/?#@\\\s]/.test(host) || !URL.canParse(origin)) return false;
  const { protocol, host: own } = new URL(origin);
  const asked = `${protocol}//${host}`;
  return URL.canParse(asked) && new URL(asked).host === own;
}

function refused(message: string): HoldfastError {
  return new HoldfastError("ORIGIN_REFUSED", message);
}
