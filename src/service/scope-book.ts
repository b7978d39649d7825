import type { Scope } from "../core/limit-options.ts";
import type { Logger } from "../core/logger.ts";
import type { LimitStore } from "../storage/contract/limit.ts";

/** The scopes this process knows to be declared, so that each is declared once. */
export interface ScopeBook {
  /**
   * Declares those not known to be; `undefined` when all are, so that nobody waits for nothing. Inside a caller's transaction
   * with its `tx`; what is declared there is declared again later, for it may be rolled back.
   */
  ensure(scopes: readonly Scope[], tx?: object): Promise<void> | undefined;
}

/** A book that knows no scope yet. Two definitions that give one scope different numbers are told of once: the first ones count. */
export function createScopeBook(
  storage: Pick<LimitStore, "declareScopes">,
  logger: Logger,
): ScopeBook {
  const declared = new Map<string, Scope>();
  const told = new Set<string>();

  function isKnown(scope: Scope): boolean {
    const known = declared.get(scope.scope);
    if (known !== undefined && !areAlike(known, scope)) tell(scope.scope);
    return known !== undefined;
  }

  function tell(scope: string): void {
    if (told.has(scope)) return;
    told.add(scope);
    logger.warn(
      { scope },
      "this limit was declared before with other numbers, which count; name it with the same numbers everywhere, or change it with client.limits.update",
    );
  }

  return {
    ensure(scopes, tx) {
      const missing = scopes.filter((scope) => !isKnown(scope));
      if (missing.length === 0) return undefined;
      return storage.declareScopes(missing, tx).then(() => {
        if (tx !== undefined) return;
        for (const scope of missing) if (!isKnown(scope)) declared.set(scope.scope, scope);
      });
    },
  };
}

function areAlike(one: Scope, other: Scope): boolean {
  return (
    one.concurrent === other.concurrent &&
    one.rate?.count === other.rate?.count &&
    one.rate?.perMs === other.rate?.perMs
  );
}
