import { HoldfastError } from "../core/errors.ts";
import type { Credential } from "../identity/credential.ts";
import type { IdentityOptions } from "../identity/identity-options.ts";
import { type Environment, readSetting, type Setting } from "./environment.ts";

/** How a service gets its tokens: as the application says, and for the rest as the environment does. */
export function identityOptions(given: IdentityOptions, env: Environment): IdentityOptions {
  const read = (setting: Setting) => readSetting(env, setting);
  const { mint } = given;
  // A minter of the application's own needs nothing of this.
  const url = given.url ?? (mint === undefined ? read("tokenUrl") : undefined);
  const audience = given.audience ?? read("audience");
  const scopes = given.scopes ?? readList(read("scopes"));
  // What the application says of who asks is all that counts.
  const isSaid = [given.credential, given.oauth, mint].some((said) => said !== undefined);
  const { credential, oauth } = isSaid ? given : proofOf(read);
  return {
    ...given,
    ...(url === undefined ? {} : { url }),
    ...(audience === undefined ? {} : { audience }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(credential === undefined ? {} : { credential }),
    ...(oauth === undefined ? {} : { oauth }),
  };
}

/** What proves who asks: a credential, or an OAuth 2 client, which has an id and a secret. */
function proofOf(
  read: (setting: Setting) => string | undefined,
): Pick<IdentityOptions, "credential" | "oauth"> {
  const credential = secretOf(read("credential"), read("credentialFile"));
  const id = read("clientId");
  const secret = secretOf(read("clientSecret"), read("clientSecretFile"));
  if (id === undefined && secret === undefined) {
    return credential === undefined ? {} : { credential };
  }
  if (id === undefined) {
    throw halfSet("HOLDFAST_AUTH_SERVICE_CLIENT_ID is missing: the client's secret is set");
  }
  if (secret === undefined) {
    throw halfSet("HOLDFAST_AUTH_SERVICE_CLIENT_SECRET is missing: the client's id is set");
  }
  if (credential !== undefined) {
    throw halfSet(
      "HOLDFAST_AUTH_SERVICE_CREDENTIAL and HOLDFAST_AUTH_SERVICE_CLIENT_ID are both set: unset the one the issuer does not want",
    );
  }
  return { oauth: { id, secret } };
}

function halfSet(what: string): HoldfastError {
  return new HoldfastError("IDENTITY_NOT_CONFIGURED", `${what}.`);
}

function secretOf(text: string | undefined, file: string | undefined): Credential | undefined {
  return text ?? (file === undefined ? undefined : { file });
}

function readList(text: string | undefined): readonly string[] | undefined {
  return text
    ?.split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
