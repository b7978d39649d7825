import { HoldfastError, isHoldfastError } from "../core/errors.ts";
import { type AuthContext, createAuthContext } from "./auth-context.ts";
import { isBearerToken } from "./bearer-token.ts";
import { type HeldToken, holdToken } from "./held-token.ts";
import type { MintedToken, Minter } from "./minter.ts";
import { readClaims } from "./token-claims.ts";

/** Where a service's tokens come from, and what is asked for. */
export interface TokenSource {
  readonly mint: Minter;
  /** The service's name: the subject, unless the token says otherwise. */
  readonly name: string;
  /** The issuer, unless the token says otherwise. */
  readonly issuer: string;
  readonly audience: string;
  readonly scopes: readonly string[];
}

const usualLifeSeconds = 3_600;
/** What ends later ends when no date can say it. */
const longestLifeSeconds = 1e9;

/**
 * Mints a token once.
 *
 * @throws {HoldfastError} `IDENTITY_UNREACHABLE`, `IDENTITY_REFUSED`, `IDENTITY_NOT_CONFIGURED`.
 */
export async function mintOnce(source: TokenSource, signal: AbortSignal): Promise<HeldToken> {
  const minted = await callMinter(source, signal);
  if (typeof minted?.token !== "string" || !isBearerToken(minted.token)) {
    throw unusable(source, "it is empty, or holds characters that no HTTP header can carry");
  }
  const claims = readClaims(minted.token);
  const seconds = minted.expiresIn ?? secondsUntil(claims.expiresAt) ?? usualLifeSeconds;
  if (!Number.isFinite(seconds))
    throw unusable(source, "what it says of its life is no number of seconds");
  if (seconds <= 0) throw unusable(source, "it has expired already");
  const lifeMs = Math.min(seconds, longestLifeSeconds) * 1_000;
  const context: AuthContext = createAuthContext(
    {
      subject: minted.subject ?? claims.subject ?? source.name,
      issuer: minted.issuer ?? claims.issuer ?? source.issuer,
      audience: source.audience,
      scopes: minted.scopes ?? claims.scopes ?? source.scopes,
      kind: minted.kind ?? "service",
      expiresAt: new Date(Date.now() + lifeMs),
    },
    minted.token,
  );
  return holdToken(context, lifeMs);
}

async function callMinter(source: TokenSource, signal: AbortSignal): Promise<MintedToken> {
  const { mint, audience, scopes } = source;
  try {
    return await mint({ audience, scopes, signal });
  } catch (cause) {
    if (isHoldfastError(cause)) throw cause;
    throw new HoldfastError(
      "IDENTITY_UNREACHABLE",
      "The function that mints the service's tokens failed; the cause says why.",
      { cause },
    );
  }
}

function unusable({ issuer }: TokenSource, because: string): HoldfastError {
  return new HoldfastError(
    "IDENTITY_REFUSED",
    `The token from ${issuer || "the minter"} cannot be used: ${because}.`,
    { details: { issuer } },
  );
}

function secondsUntil(expiresAt: number | undefined): number | undefined {
  return expiresAt === undefined ? undefined : expiresAt - Date.now() / 1_000;
}
