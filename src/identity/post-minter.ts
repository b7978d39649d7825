import { askIssuer, refused } from "./ask-issuer.ts";
import { type Credential, readBearer } from "./credential.ts";
import type { Minter } from "./minter.ts";

/** Mints by `POST { audience, scopes }`, answered with `{ token, expires_in? }`. */
export function createPostMinter(url: string, credential: Credential | undefined): Minter {
  return async ({ audience, scopes, signal }) => {
    const bearer = credential === undefined ? undefined : await readBearer(credential);
    const answer = await askIssuer({
      url,
      headers: {
        "content-type": "application/json",
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify({ audience, scopes }),
      signal,
    });
    const { token, expires_in } = answer;
    if (typeof token !== "string") throw refused(url, "its answer has no token");
    return { token, ...(typeof expires_in === "number" ? { expiresIn: expires_in } : {}) };
  };
}
