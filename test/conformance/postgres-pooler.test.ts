import { stress } from "../chaos/support/settings.ts";
import { openTransactionPooler } from "../support/transaction-pooler.ts";
import { proveLaws } from "./law.ts";
import { laws } from "./laws.ts";
import { postgresPlaces } from "./postgres-place.ts";

/** The short form has a job's way from enqueue to its end; the long one everything but wakeups, which need LISTEN. */
const { enqueue, claim, settle, turn, control, "admit: lanes": lanes } = laws;
const { wakeup: _needsListen, ...most } = laws;
const short = { enqueue, claim, settle, turn, control, lanes } as typeof most;

const skips = {
  "a transaction that holds the one writer too long is TRANSACTION_TOO_LONG":
    "PostgreSQL has many writers; the server bounds the time a transaction is idle",
};

proveLaws(
  {
    driver: "PostgreSQL behind a transaction pooler",
    skips: stress ? skips : {},
    ...postgresPlaces((url) => openTransactionPooler(url, { servers: 6 })),
  },
  stress ? most : short,
);
