import { proveLaws } from "./law.ts";
import { postgresCappedLaws } from "./postgres-capped.ts";
import { postgresHeartLaws } from "./postgres-heart.ts";
import { lockLaws } from "./postgres-locks.ts";
import { postgresPlaces } from "./postgres-place.ts";
import { pausedRaceLaws } from "./postgres-races.ts";

// In a file of their own, so that they run beside the other laws.
proveLaws(
  { driver: "PostgreSQL", skips: {}, ...postgresPlaces() },
  {
    "races: stopped halfway": pausedRaceLaws,
    "races: open transactions": lockLaws,
    "claim: queues with a maxRunning": postgresCappedLaws,
    "presence: orders": postgresHeartLaws,
  },
);
