import { HoldfastError } from "../core/errors.ts";

/** Whose identity it is. */
export type AuthKind = "service" | "user" | "agent" | "anonymous";

/**
 * An identity as it is now. It may be logged, stored or shown: the token is not among its properties.
 */
export interface AuthContext {
  /** Who it is: the token's `sub` claim where it has one, else the service's name. */
  readonly subject: string;
  /** Who vouches for it: the token's `iss` claim where it has one, else the origin of the issuer's URL. */
  readonly issuer: string;
  /** Whom the token is meant for. */
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly kind: AuthKind;
  /** When it ends; `null` for one that does not. */
  readonly expiresAt: Date | null;
  hasScope(scope: string): boolean;
  /**
   * Makes sure that the identity has a scope.
   *
   * @throws {HoldfastError} `SCOPE_MISSING`.
   */
  requireScope(scope: string): void;
  /** The bearer token itself, for what `propagate` does not know; empty when anonymous. Never log or store it. */
  token(): string;
}

/** What an identity says of itself. */
export interface AuthFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly kind: AuthKind;
  readonly expiresAt: Date | null;
}

/** An identity. The token stays in a closure, where no logger, inspector or serializer finds it. */
export function createAuthContext(facts: AuthFacts, token: string): AuthContext {
  const { scopes } = facts;
  return Object.freeze({
    ...facts,
    scopes: Object.freeze([...scopes]),
    hasScope: (scope: string) => scopes.includes(scope),
    requireScope(scope: string) {
      if (scopes.includes(scope)) return;
      const has = scopes.length === 0 ? "no scopes" : scopes.join(", ");
      throw new HoldfastError(
        "SCOPE_MISSING",
        `${facts.subject || "Nobody"} needs the scope ${JSON.stringify(scope)} and has ${has}; ask for it when the token is minted.`,
        { details: { scope, scopes } },
      );
    },
    token: () => token,
  });
}

/** The identity of a service that runs without one. */
export const anonymous: AuthContext = createAuthContext(
  { subject: "", issuer: "", audience: "", scopes: [], kind: "anonymous", expiresAt: null },
  "",
);
