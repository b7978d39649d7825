import { inject } from "vitest";
import { isDeaf } from "../support/fresh-database.ts";
import { type Chapter, proveLaws } from "./law.ts";
import { laws } from "./laws.ts";
import { historyLaws } from "./model/histories.ts";
import { postgresPlaces } from "./postgres-place.ts";

/** Behind a pooler, and with no other way, nobody hears hints; where there is one, everything else is as it is without. */
function chapters(): Readonly<Record<string, Chapter>> {
  const { wakeup: _needsListen, ...most } = laws;
  if (inject("pooled") === undefined) return { ...laws, histories: historyLaws };
  if (isDeaf()) return { ...most, histories: historyLaws };
  const about = ["storage", "transact", "wakeup"];
  return Object.fromEntries(Object.entries(laws).filter(([title]) => about.includes(title)));
}

proveLaws(
  {
    driver: "PostgreSQL",
    skips: {
      "a transaction that holds the one writer too long is TRANSACTION_TOO_LONG":
        "PostgreSQL has many writers; the server bounds the time a transaction is idle",
    },
    ...postgresPlaces(),
  },
  chapters(),
);
