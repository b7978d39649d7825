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
  const credential = given.credential ?? secretOf(read("credential"), read("credentialFile"));
  const oauth = given.oauth ?? oauthOf(read);
  return {
    ...given,
    ...(url === undefined ? {} : { url }),
    ...(audience === undefined ? {} : { audience }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(credential === undefined ? {} : { credential }),
    ...(oauth === undefined ? {} : { oauth }),
  };
}

function oauthOf(read: (setting: Setting) => string | undefined): IdentityOptions["oauth"] {
  const id = read("clientId");
  const secret = secretOf(read("clientSecret"), read("clientSecretFile"));
  return id === undefined || secret === undefined ? undefined : { id, secret };
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
