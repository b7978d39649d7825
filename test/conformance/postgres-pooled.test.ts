import { openTransactionPooler } from "../support/transaction-pooler.ts";
import { proveLaws } from "./law.ts";
import { laws } from "./laws.ts";
import { postgresPlaces } from "./postgres-place.ts";

const { wakeup: _needsListen, ...pooled } = laws;

proveLaws(
  {
    driver: "PostgreSQL behind a transaction pooler",
    skips: {
      "a transaction that holds the one writer too long is TRANSACTION_TOO_LONG":
        "PostgreSQL has many writers; the server bounds the time a transaction is idle",
    },
    ...postgresPlaces((url) => openTransactionPooler(url, { servers: 6 })),
  },
  pooled,
);
