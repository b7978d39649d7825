import { askIssuer, refused } from "./ask-issuer.ts";
import { type Credential, readCredential } from "./credential.ts";
import type { Minter } from "./minter.ts";
import { readSeconds } from "./read-seconds.ts";
import { readScopes } from "./token-claims.ts";

/** A client that an OAuth 2 server knows. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: Credential;
}

/** Mints by the client credentials grant of OAuth 2, with the client's id and secret as HTTP Basic authentication. */
export function createClientCredentialsMinter(url: string, client: OAuthClient): Minter {
  return async ({ audience, scopes, signal }) => {
    const secret = await readCredential(client.secret);
    const form = new URLSearchParams({ grant_type: "client_credentials" });
    if (scopes.length > 0) form.set("scope", scopes.join(" "));
    if (audience !== "") form.set("audience", audience);
    const answer = await askIssuer({
      url,
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        authorization: `Basic ${basic(client.id, secret)}`,
      },
      body: form.toString(),
      signal,
    });
    const { access_token: token } = answer;
    const expiresIn = readSeconds(answer["expires_in"]);
    if (typeof token !== "string") throw refused(url, "its answer has no access_token");
    const granted = readScopes(answer["scope"]);
    return {
      token,
      ...(expiresIn === undefined ? {} : { expiresIn }),
      ...(granted === undefined ? {} : { scopes: granted }),
    };
  };
}

/** As RFC 6749, section 2.3.1, wants it: both parts form-encoded first. */
function basic(id: string, secret: string): string {
  const encoded = [id, secret].map((part) => new URLSearchParams([["", part]]).toString().slice(1));
  return Buffer.from(encoded.join(":")).toString("base64");
}
