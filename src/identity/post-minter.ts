import { askIssuer, refused } from "./ask-issuer.ts";
import { type Credential, readBearer } from "./credential.ts";
import type { Minter } from "./minter.ts";
import { readSeconds } from "./read-seconds.ts";

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
    const { token } = answer;
    const expiresIn = readSeconds(answer["expires_in"]);
    if (typeof token !== "string") throw refused(url, "its answer has no token");
    return { token, ...(expiresIn === undefined ? {} : { expiresIn }) };
  };
}
