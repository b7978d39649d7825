import { type Gate, scopeOfGate } from "../../../core/gate.ts";
import type { Rate } from "../../../core/rate.ts";
import { takeTokens } from "../../../core/token-bucket.ts";
import { heldAt, takePermits } from "./permits.ts";
import type { Session } from "./session.ts";
import { takeFromBucket } from "./token-bucket.ts";

/** Why a job cannot pass a gate now. */
export type Refusal =
  /** Others hold all of it. */
  | { readonly why: "full" }
  /** Its rate lets the next one through at this moment. */
  | { readonly why: "rate"; readonly until: number }
  /** Nobody declared the limit. */
  | { readonly why: "undeclared"; readonly scope: string };

/** Judges who may pass which gate, inside a transaction. */
export interface Gatekeeper {
  /** Why a weight cannot pass a gate; `undefined` when it can. */
  refusal(gate: Gate): Refusal | undefined;
  /** Lets a job through gates that refused nothing: it has their permits, and their tokens are spent. */
  admit(id: number, gates: readonly Gate[]): void;
}

/** What a gate allows; `null` is no bound. */
interface Allowance {
  readonly concurrent: number | null;
  readonly rate: Rate | null;
}

const lane: Allowance = { concurrent: 1, rate: null };

/** Makes a gatekeeper that reads each scope once. */
export function createGatekeeper(session: Session, now: number): Gatekeeper {
  const scopes = new Map<string, Allowance | undefined>();

  function allowanceOf(scope: string | undefined): Allowance | undefined {
    if (scope === undefined) return lane;
    if (!scopes.has(scope)) scopes.set(scope, readAllowance(session, scope));
    return scopes.get(scope);
  }

  return {
    refusal({ gate, weight }) {
      const scope = scopeOfGate(gate) ?? undefined;
      const allowance = allowanceOf(scope);
      if (allowance === undefined) return { why: "undeclared", scope: scope ?? "" };
      const { concurrent, rate } = allowance;
      if (concurrent !== null && !hasRoom(session, gate, weight, concurrent))
        return { why: "full" };
      if (rate === null) return undefined;
      const taken = takeTokens(fullAtOf(session, gate), rate, weight, now);
      return taken.granted ? undefined : { why: "rate", until: now + taken.retryAfterMs };
    },
    admit(id, gates) {
      takePermits(session, id, gates);
      for (const { gate, weight } of gates) {
        const rate = allowanceOf(scopeOfGate(gate) ?? undefined)?.rate ?? null;
        if (rate !== null) takeFromBucket(session, gate, rate, weight, now);
      }
    },
  };
}

/** A job heavier than the whole limit, which an operator may have lowered, can pass alone. */
function hasRoom(session: Session, gate: string, weight: number, concurrent: number): boolean {
  return heldAt(session, gate) + Math.min(weight, concurrent) <= concurrent;
}

interface ScopeRow {
  readonly concurrent: number | null;
  readonly count: number | null;
  readonly perMs: number | null;
}

function readAllowance(session: Session, scope: string): Allowance | undefined {
  const row = session.get<ScopeRow>(readScope, scope);
  if (row === undefined) return undefined;
  const { concurrent, count, perMs } = row;
  return { concurrent, rate: count === null || perMs === null ? null : { count, perMs } };
}

const readScope =
  "SELECT concurrent, rate_count AS count, rate_ms AS perMs FROM holdfast_scope WHERE name = ?";

/** Looks only: tokens are taken once no gate of the job refuses it. */
function fullAtOf(session: Session, gate: string): number | null {
  const row = session.get<{ readonly full_at: number }>(
    "SELECT full_at FROM holdfast_bucket WHERE key = ?",
    gate,
  );
  return row?.full_at ?? null;
}
