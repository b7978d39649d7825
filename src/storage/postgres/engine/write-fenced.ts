import type { Lease } from "../../../core/claimed-job.ts";
import { HoldfastError } from "../../../core/errors.ts";
import type { CancelRequest } from "../../../core/job.ts";
import { parseCancel } from "../../shared/job-json.ts";
import { idOf } from "../rows.ts";
import type { Query } from "./session.ts";

/** A lease that still holds. */
export interface Standing {
  readonly cancel: CancelRequest | null;
}

/** Which of some fenced writes were not made, and how their leases stand; `undefined` is lost. */
export interface FencedAnswer {
  readonly refused: ReadonlyMap<Lease, Standing | undefined>;
}

/** What a fenced UPDATE returns: the leases it wrote under, as `i` brought them. */
export const touchedColumns = "i.id::text, i.owner::text, i.run";

const tries = 20;

/**
 * Writes under leases. A row not touched is not thereby lost, because rows may be moved meanwhile: the write is repeated, until
 * a single statement shows that the lease is lost or that `refuses` says why it never will be written.
 */
export async function writeFenced(
  query: Query,
  schema: string,
  leases: readonly Lease[],
  write: (open: readonly Lease[]) => Promise<readonly Lease[]>,
  refuses: (lease: Lease, standing: Standing) => boolean = () => false,
): Promise<FencedAnswer> {
  const refused = new Map<Lease, Standing | undefined>();
  let open = leases;
  for (let attempt = 1; open.length > 0; attempt++) {
    if (attempt > tries) throw stillMoving(open);
    const touched = new Set((await write(open)).map(leaseText));
    const missed = open.filter((lease) => !touched.has(leaseText(lease)));
    const standing = await standingOf(query, schema, missed);
    open = missed.filter((lease) => {
      const stands = standing.get(lease);
      const again = stands !== undefined && !refuses(lease, stands);
      if (!again) refused.set(lease, stands);
      return again;
    });
  }
  return { refused };
}

interface StandingRow extends Lease {
  readonly cancel: string | null;
}

function leaseText({ id, owner, run }: Lease): string {
  return `${id} ${owner} ${run}`;
}

/**
 * The leases that still hold; one left out is lost. One statement sees one moment of the whole table, and a running job is
 * nowhere else.
 */
export async function standingOf(
  query: Query,
  schema: string,
  leases: readonly Lease[],
): Promise<ReadonlyMap<Lease, Standing>> {
  if (leases.length === 0) return new Map();
  const rows = await query<StandingRow>(
    `SELECT id::text, owner::text, run, cancel::text FROM ${schema}.live WHERE id = ANY ($1::bigint[])`,
    [leases.map((lease) => idOf(lease.id))],
  );
  const found = new Map(rows.map((row) => [leaseText(row), row]));
  const standing = new Map<Lease, Standing>();
  for (const lease of leases) {
    const row = found.get(leaseText(lease));
    if (row !== undefined) standing.set(lease, { cancel: parseCancel(row.cancel) });
  }
  return standing;
}

function stillMoving(leases: readonly Lease[]): HoldfastError {
  return new HoldfastError(
    "STORAGE_CONFLICT",
    `Jobs kept moving while they were written under their leases: ${leases.map(({ id }) => id).join(", ")}. Try again.`,
  );
}
