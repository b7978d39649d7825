/** What a token says of itself. */
export interface TokenClaims {
  readonly subject?: string;
  readonly issuer?: string;
  readonly scopes?: readonly string[];
  /** Seconds since the Unix epoch. */
  readonly expiresAt?: number;
}

/**
 * Reads the claims of a JWT; none for a token of another kind. Nothing is verified: it is our own token, and whoever receives it
 * has to.
 */
export function readClaims(token: string): TokenClaims {
  const payload = token.split(".")[1];
  if (payload === undefined) return {};
  try {
    return pick(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
  } catch {
    return {};
  }
}

function pick(payload: unknown): TokenClaims {
  if (typeof payload !== "object" || payload === null) return {};
  const claims = payload as Readonly<Record<string, unknown>>;
  const { sub, iss, exp, scope = claims["scp"] } = claims;
  const scopes = readScopes(scope);
  return {
    ...(typeof sub === "string" ? { subject: sub } : {}),
    ...(typeof iss === "string" ? { issuer: iss } : {}),
    ...(scopes === undefined ? {} : { scopes }),
    ...(typeof exp === "number" ? { expiresAt: exp } : {}),
  };
}

/** Scopes as issuers write them: text with spaces between, or a list. */
export function readScopes(value: unknown): readonly string[] | undefined {
  if (typeof value === "string") return value.split(/\s+/).filter((scope) => scope !== "");
  if (!Array.isArray(value)) return undefined;
  return value.filter((scope) => typeof scope === "string");
}
