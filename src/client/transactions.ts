import { checkOptions, isTransactionLike, kindOf, rule } from "../core/check-options.ts";
import type { Client } from "../core/client.ts";
import { HoldfastError } from "../core/errors.ts";
import type { UsingOptions } from "../core/transaction.ts";
import { beneath } from "../integrations/transactions/beneath.ts";
import { lend } from "../integrations/transactions/lend.ts";
import type { TransactionGuard } from "../service/transaction-guard.ts";
import type { Storage } from "../storage/contract/storage.ts";
import type { Gate } from "./gate.ts";

/** `client.transaction` and `client.within`. */
export function createTransactions(
  storage: Storage,
  guard: TransactionGuard,
  gate: Gate,
): Pick<Client, "transaction" | "within"> {
  return {
    transaction<Value>(
      fn: (tx: never) => Promise<Value>,
      options: Partial<UsingOptions<object>> = {},
    ): Promise<Value> {
      return gate.pass("client.transaction", async () => {
        checkFunction("client.transaction takes a function of tx", fn);
        checkOptions("client.transaction", options, { using: rule.any });
        const { open, run } = lend(options.using);
        return storage.transact((tx) => guard.inside(() => run(fn, tx), tx), { open });
      });
    },
    async within(tx, fn) {
      checkFunction("client.within takes a transaction and a function", fn);
      if (!isTransactionLike(tx)) throw noTransaction(tx);
      return guard.inside(async () => fn(), await beneath(tx));
    },
  };
}

function checkFunction(wanted: string, fn: unknown): void {
  if (typeof fn === "function") return;
  throw new HoldfastError("INVALID_OPTION", `${wanted}; got ${kindOf(fn)}.`);
}

function noTransaction(tx: unknown): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    `client.within takes ${rule.transaction.is} and a function; got ${kindOf(tx)}.`,
  );
}
