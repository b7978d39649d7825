import { checkOptions, kindOf, type OptionRule, rule } from "../core/check-options.ts";
import { type Duration, parseDuration } from "../core/duration.ts";
import { HoldfastError } from "../core/errors.ts";
import { createClientCredentialsMinter, type OAuthClient } from "./client-credentials-minter.ts";
import type { Credential } from "./credential.ts";
import type { Minter } from "./minter.ts";
import { createPostMinter } from "./post-minter.ts";
import type { TokenSource } from "./token-source.ts";

/** Where a service's tokens come from. What is left out is read from the environment. */
export interface IdentityOptions {
  /** Where tokens are minted: by `POST { audience, scopes }`, or, with `oauth`, the token endpoint of an OAuth 2 server. */
  readonly url?: string;
  /** Whom the tokens are meant for; default the service's name, with `oauth` whatever the server takes for granted. */
  readonly audience?: string;
  readonly scopes?: readonly string[];
  /** What proves to the minter who asks, sent as a bearer token; default nothing. */
  readonly credential?: Credential;
  /** Mints by OAuth 2 client credentials instead. */
  readonly oauth?: OAuthClient;
  /** Mints in a way of your own instead. */
  readonly mint?: Minter;
  /** How long an issuer that does not answer is asked again, with pauses that double, before it is an error; default `"10s"`. */
  readonly patience?: Duration;
}

/** The options, checked. */
export interface IdentitySettings {
  readonly source: TokenSource;
  readonly patienceMs: number;
}

const defaultPatience: Duration = "10s";

const credentialRule: OptionRule = {
  is: "a token, { file } or a function",
  test: (value) =>
    typeof value === "function" ||
    (typeof value === "string" && value !== "") ||
    (typeof value === "object" && value !== null && rule.text.test(Reflect.get(value, "file"))),
};

const rules: Readonly<Record<keyof IdentityOptions, OptionRule>> = {
  url: { is: "a URL that begins with https:// or http://, without a password", test: isPlainUrl },
  audience: { is: "text", test: (value) => typeof value === "string" },
  scopes: {
    is: "an array of scopes",
    test: (value) => Array.isArray(value) && value.every((scope) => rule.text.test(scope)),
  },
  credential: credentialRule,
  oauth: rule.object,
  mint: rule.function,
  patience: rule.any,
};

/**
 * Checks how a service gets its tokens.
 *
 * @throws {HoldfastError} `IDENTITY_NOT_CONFIGURED` when nothing says where from, `INVALID_OPTION`.
 */
export function identitySettings(name: string, options: IdentityOptions): IdentitySettings {
  refuseSecrets(options);
  checkOptions("identity", options, rules);
  const { url, oauth, mint, scopes = [], patience = defaultPatience } = options;
  if (oauth !== undefined) checkOAuth(oauth, options.credential);
  return {
    source: {
      mint: mint ?? minterOf(options),
      name,
      issuer: url === undefined ? "" : new URL(url).origin,
      audience: options.audience ?? (oauth === undefined ? name : ""),
      scopes,
    },
    patienceMs: parseDuration(patience, "identity.patience"),
  };
}

function checkOAuth(oauth: OAuthClient, credential: Credential | undefined): void {
  checkOptions("identity.oauth", oauth, { id: rule.text, secret: credentialRule });
  const missing = (["id", "secret"] as const).find((name) => oauth[name] === undefined);
  if (missing !== undefined) throw invalid(`oauth.${missing}`, "is missing");
  if (credential !== undefined) {
    throw invalid("credential", "does nothing with oauth, which has a secret of its own");
  }
}

function invalid(option: string, what: string): HoldfastError {
  return new HoldfastError("INVALID_OPTION", `identity: ${option} ${what}.`, {
    details: { option },
  });
}

function minterOf({ url, oauth, credential }: IdentityOptions): Minter {
  if (url === undefined) throw notConfigured();
  return oauth === undefined
    ? createPostMinter(url, credential)
    : createClientCredentialsMinter(url, oauth);
}

function notConfigured(): HoldfastError {
  return new HoldfastError(
    "IDENTITY_NOT_CONFIGURED",
    'Nothing says where the service\'s tokens come from: set HOLDFAST_AUTH_SERVICE_TOKEN_URL, pass identity: { url } or { mint }, or say identity: "none".',
  );
}

/** A refused option is shown in its message, and these must not be. */
function refuseSecrets({ url, credential, oauth }: IdentityOptions): void {
  const secret: unknown = oauth?.secret;
  const given: readonly (readonly [string, unknown, OptionRule])[] = [
    ["url", url, rules.url],
    ["credential", credential, credentialRule],
    ["oauth.secret", secret, credentialRule],
  ];
  for (const [option, value, { is, test }] of given) {
    if (value === undefined || test(value)) continue;
    const got = typeof value === "string" ? "text that is not" : kindOf(value);
    throw invalid(option, `must be ${is}; got ${got}`);
  }
}

function isPlainUrl(value: unknown): boolean {
  if (typeof value !== "string" || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username === "" && password === "";
}
