/** What an operator did. */
export interface AuditEntry {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Who, as the caller said. */
  readonly by: string | null;
  /** The call, `jobs.cancel` or `queues.pause`; of an operation `operation.started`, `operation.completed`, `operation.cancelled`. */
  readonly action: string;
  /** What it was done to: `job:12`, `queue:emails`, `operation:3`. */
  readonly target: string;
  /**
   * What else was said: why, the new settings, the filter, the counts. What has more than 16,000 characters as JSON is left out; `cut`
   * then has how many each of those had: `{ cut: { payload: 812345 } }`.
   */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Which entries. All given conditions must hold. */
export interface AuditFilter {
  readonly by?: string;
  readonly action?: string;
  readonly target?: string;
}

/** A page of the audit, newest first. */
export interface AuditPage {
  /** Fewer than were asked for, or none, where one page looked at all it may: 20,000 entries. */
  readonly entries: readonly AuditEntry[];
  /** Pass it as `after` for the next page; `null` on the last. */
  readonly next: string | null;
}

/**
 * Who did what, kept for 90 days. Operations are always written down, with their filter and their counts, in the transaction that
 * begins or ends them; other calls right after they succeeded, when they were told `by` whom.
 */
export interface AuditClient {
  /**
   * Entries, newest first, `limit` 1 to 1000 (default 100).
   *
   * @throws {HoldfastError} `INVALID_OPTION`, `STORAGE_*`.
   * @example
   * ```ts
   * const { entries } = await client.audit.list({ target: "queue:emails" });
   * for (const { at, by, action } of entries) console.log(new Date(at), by, action);
   * ```
   */
  list(
    filter?: AuditFilter & { readonly limit?: number; readonly after?: string },
  ): Promise<AuditPage>;
}
