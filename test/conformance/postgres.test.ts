import { proveLaws } from "./law.ts";
import { laws } from "./laws.ts";
import { historyLaws } from "./model/histories.ts";
import { postgresPlaces } from "./postgres-place.ts";

proveLaws(
  {
    driver: "PostgreSQL",
    skips: {
      "a transaction that holds the one writer too long is TRANSACTION_TOO_LONG":
        "PostgreSQL has many writers; the server bounds the time a transaction is idle",
    },
    ...postgresPlaces(),
  },
  { ...laws, histories: historyLaws },
);
