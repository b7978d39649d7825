import { kindOf } from "../../core/check-options.ts";
import { HoldfastError } from "../../core/errors.ts";
import type { Transaction } from "../../core/transaction.ts";

/** What a library of yours must be able to do for `asTransaction`. */
export interface TransactionQuery {
  /**
   * Runs one statement inside your open PostgreSQL transaction and gives its rows. Parameters are `$1`, `$2`, ... in the text, and
   * strings, numbers, booleans or `null` as values; what it throws must have PostgreSQL's `code`, itself or in its `cause`.
   */
  query(sql: string, params: readonly unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/**
 * Makes the open PostgreSQL transaction of any library one that `enqueue(..., { tx })` takes. Libraries that Holdfast knows need
 * none: pass their own transaction.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for what has no query function.
 * @example
 * ```ts
 * import { asTransaction } from "holdfast";
 *
 * declare const task: { any(sql: string, params: readonly unknown[]): Promise<unknown[]> };
 * const tx = asTransaction({ query: async (sql, params) => ({ rows: await task.any(sql, params) }) });
 * await client.enqueue(sendReceipt, { orderId }, { tx });
 * ```
 */
export function asTransaction(library: TransactionQuery): Transaction {
  if (typeof library !== "object" || library === null || typeof library.query !== "function") {
    throw new HoldfastError(
      "INVALID_OPTION",
      `asTransaction takes { query(sql, params) }, which answers { rows }; got ${kindOf(library)}.`,
    );
  }
  return {
    async query<Row>(sql: string, params: readonly unknown[] = []) {
      const { rows } = await library.query(sql, params.map(plain));
      return { rows: rows as Row[], rowCount: Array.isArray(rows) ? rows.length : null };
    },
  };
}

/** Libraries write arrays in ways of their own; text is what all of them hand on as it is. */
function plain(value: unknown): unknown {
  if (!Array.isArray(value)) return value ?? null;
  return `{${value.map((element: string | number | null) => elementOf(element)).join()}}`;
}

function elementOf(element: string | number | boolean | null | undefined): string {
  if (element === null || element === undefined) return "NULL";
  return `"${String(element).replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
