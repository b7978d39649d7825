import { isDeaf } from "../support/fresh-database.ts";
import { proveLaws } from "./law.ts";
import { laws } from "./laws.ts";
import { historyLaws } from "./model/histories.ts";
import { postgresPlaces } from "./postgres-place.ts";

/** Behind a pooler, and with no other way, nobody hears hints. */
const { wakeup: _needsListen, ...most } = laws;

proveLaws(
  {
    driver: "PostgreSQL",
    skips: {
      "a transaction that holds the one writer too long is TRANSACTION_TOO_LONG":
        "PostgreSQL has many writers; the server bounds the time a transaction is idle",
    },
    ...postgresPlaces(),
  },
  isDeaf() ? { ...most, histories: historyLaws } : { ...laws, histories: historyLaws },
);
