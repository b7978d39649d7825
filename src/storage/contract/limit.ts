import type { Scope } from "../../core/limit-options.ts";
import type { ScopeChange } from "../../core/scope-change.ts";

/** A named limit as it stands in the database. */
export interface ScopeRecord extends Scope {
  /** True once an operator has changed it; what code declares no longer counts. */
  readonly edited: boolean;
}

/** A named limit and how it is used, over all its keys. */
export interface ScopeUse extends ScopeRecord {
  /** The weights of the jobs let in by it and not ended. */
  readonly held: number;
  /** Jobs that wait in its lines. */
  readonly waiting: number;
}

/** What became of an attempt to take tokens. */
export type TakeAnswer =
  | { readonly outcome: "granted" }
  | { readonly outcome: "denied"; readonly retryAfterMs: number }
  /** The scope has no rate, so there is nothing to take and nothing in the way. */
  | { readonly outcome: "no-rate" }
  /** Nobody declared the scope. */
  | { readonly outcome: "undeclared" };

/** Named limits, and the token buckets of those with a rate. */
export interface LimitStore {
  /**
   * Creates the scopes that do not exist; those that do stay as they are, so an operator's edit survives a deploy. Of two of one name
   * the first counts. Whoever holds an
   * open transaction passes it as `tx`, so as not to wait for themselves where there is one writer; elsewhere the scopes are
   * declared at once, whatever becomes of it, so that no two transactions wait for each other.
   */
  declareScopes(scopes: readonly Scope[], tx?: object): Promise<void>;
  /** Every scope, by name. */
  listScopes(): Promise<readonly ScopeUse[]>;
  /**
   * Changes a scope and marks it as edited; false when there is none of the name. Buckets of a changed rate stay as empty as they
   * are, but never take longer to fill than the new rate says.
   */
  updateScope(scope: string, to: ScopeChange, now: number): Promise<boolean>;
  /**
   * Takes tokens of a scope's rate from the bucket of a gate, all or none, or says when they are there. Exact however many take at
   * once: the bucket's row is locked while it is looked at. The sums are those of `core/token-bucket.ts`.
   */
  takeTokens(gate: string, scope: string, weight: number, now: number): Promise<TakeAnswer>;
  /** Empties the bucket of a gate for `forMs`, or for the rate's own time; it never shortens an emptiness ordered before. */
  drainTokens(
    gate: string,
    scope: string,
    forMs: number | null,
    now: number,
  ): Promise<"drained" | "no-rate" | "undeclared">;
}
