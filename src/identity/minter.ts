import type { AuthKind } from "./auth-context.ts";

/** What a token is asked for. */
export interface MintRequest {
  /** Whom the token is meant for. */
  readonly audience: string;
  readonly scopes: readonly string[];
  /** Aborts when the token is no longer wanted. */
  readonly signal: AbortSignal;
}

/** A token as an issuer hands it out. */
export interface MintedToken {
  readonly token: string;
  /** How long it is good, in seconds; default what the token's `exp` claim says, else an hour. */
  readonly expiresIn?: number;
  /** Default the token's `sub` claim, else the service's name. */
  readonly subject?: string;
  /** Default the token's `iss` claim, else the origin of the issuer's URL. */
  readonly issuer?: string;
  /** The scopes granted; default the token's `scope` claim, else those asked for. */
  readonly scopes?: readonly string[];
  /** Default `"service"`. */
  readonly kind?: AuthKind;
}

/**
 * Gets a token from somewhere. What it throws is taken for an outage and tried again, unless it is a `HoldfastError`
 * `IDENTITY_REFUSED`.
 */
export type Minter = (request: MintRequest) => Promise<MintedToken>;
