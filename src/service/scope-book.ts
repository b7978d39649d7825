import type { Scope } from "../core/limit-options.ts";
import type { LimitStore } from "../storage/contract/limit.ts";

/** The scopes this process knows to be declared, so that each is declared once. */
export interface ScopeBook {
  /**
   * Declares those not known to be; `undefined` when all are, so that nobody waits for nothing. Inside a caller's transaction
   * with its `tx`; what is declared there is declared again later, for it may be rolled back.
   */
  ensure(scopes: readonly Scope[], tx?: object): Promise<void> | undefined;
}

/** A book that knows no scope yet. */
export function createScopeBook(storage: Pick<LimitStore, "declareScopes">): ScopeBook {
  const declared = new Set<string>();
  return {
    ensure(scopes, tx) {
      const missing = scopes.filter(({ scope }) => !declared.has(scope));
      if (missing.length === 0) return undefined;
      return storage.declareScopes(missing, tx).then(() => {
        if (tx !== undefined) return;
        for (const { scope } of missing) declared.add(scope);
      });
    },
  };
}
