import { readFile } from "node:fs/promises";
import { HoldfastError, isHoldfastError } from "../core/errors.ts";
import { isBearerToken } from "./bearer-token.ts";

/**
 * What proves to the issuer who asks: a bearer token, as text, in a file that is read anew each time (as Kubernetes writes them),
 * or from a function.
 */
export type Credential = string | { readonly file: string } | (() => string | Promise<string>);

/**
 * The credential as it is now.
 *
 * @throws {HoldfastError} `IDENTITY_NOT_CONFIGURED` for a file that cannot be read or is empty, and for a function that gives no text;
 * `IDENTITY_UNREACHABLE` for one that fails.
 */
export async function readCredential(credential: Credential): Promise<string> {
  if (typeof credential === "string") return credential;
  if (typeof credential === "function") return callFor(credential);
  const text = await readFile(credential.file, "utf8").catch((cause: unknown) => {
    throw unreadable(credential.file, "cannot be read", cause);
  });
  if (text.trim() === "") throw unreadable(credential.file, "is empty");
  return text.trim();
}

async function callFor(credential: () => string | Promise<string>): Promise<string> {
  const text: unknown = await Promise.resolve()
    .then(credential)
    .catch((cause: unknown) => {
      if (isHoldfastError(cause)) throw cause;
      throw new HoldfastError(
        "IDENTITY_UNREACHABLE",
        "The function that gives the credential for the issuer failed; the cause says why.",
        { cause },
      );
    });
  if (typeof text === "string" && text !== "") return text;
  throw new HoldfastError(
    "IDENTITY_NOT_CONFIGURED",
    "The function that gives the credential for the issuer must give text that is not empty.",
  );
}

/**
 * The credential as it is now, fit for a header.
 *
 * @throws {HoldfastError} `IDENTITY_NOT_CONFIGURED` also for one that no header can hold.
 */
export async function readBearer(credential: Credential): Promise<string> {
  const token = await readCredential(credential);
  if (isBearerToken(token)) return token;
  throw new HoldfastError(
    "IDENTITY_NOT_CONFIGURED",
    "The credential for the issuer holds characters that no HTTP header can carry; it must be a token on one line.",
  );
}

function unreadable(file: string, what: string, cause?: unknown): HoldfastError {
  return new HoldfastError(
    "IDENTITY_NOT_CONFIGURED",
    `The credential file ${file} ${what}; it must hold the token that proves to the issuer who asks.`,
    cause === undefined ? {} : { cause },
  );
}
