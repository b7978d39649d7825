import type { EndReason } from "./end-reason.ts";
import type { CancelRequest, FinishedState } from "./job.ts";

/** Where a job that could be claimed stands. */
interface PlaceInLine {
  /** The workers that may take it. */
  readonly workers: readonly string[];
  /** Jobs ready to be claimed in its queue, itself among them; counted up to 100000, as all that wait are here. */
  readonly available: number;
  /** Those of them that go before it. */
  readonly ahead: number;
  /** In how many milliseconds it should start, by how quickly jobs of its queue ended of late; `null` when too few did to tell. */
  readonly estimateMs: number | null;
}

/** One reason why a job is where it is. Times are milliseconds since the epoch. Switch on `kind`; more may be added. */
export type JobReason =
  /** The database takes no writes. */
  | { readonly kind: "database-read-only" }
  /** The schema is older than this code, whose workers do not start on it. */
  | { readonly kind: "schema-behind"; readonly current: number; readonly latest: number }
  /** It is put off until a moment. */
  | { readonly kind: "scheduled"; readonly until: number }
  /** An attempt failed, and its backoff is not over. */
  | { readonly kind: "backoff"; readonly until: number; readonly attempt: number }
  | { readonly kind: "queue-paused"; readonly queue: string }
  /** A throttled handler has closed its queue. */
  | { readonly kind: "queue-cooling"; readonly queue: string; readonly until: number }
  /** As many jobs of its queue run as its `maxRunning` allows. */
  | {
      readonly kind: "queue-full";
      readonly queue: string;
      readonly maxRunning: number;
      readonly running: number;
    }
  /** No worker takes jobs of its queue: none serves it, or only such as drain or are lost. */
  | {
      readonly kind: "queue-unserved";
      readonly queue: string;
      /** Those of its workers that finish what they have and take nothing more. */
      readonly draining: readonly string[];
      /** Those that have been silent for longer than their lease. */
      readonly lost: readonly string[];
    }
  /** The workers of its queue have no handler of its name. */
  | { readonly kind: "no-handler"; readonly name: string; readonly workers: readonly string[] }
  /** Its payload is newer than the handlers of its queue's workers understand: it waits for newer code. */
  | {
      readonly kind: "payload-too-new";
      readonly version: number;
      /** The newest version one of them understands. */
      readonly understood: number;
      readonly workers: readonly string[];
    }
  /** It waits at a gate, of its lane or of one of its limits, that these jobs hold. */
  | {
      readonly kind: "blocked";
      /** `lane:<lane>` or `limit:<scope>[:<by>]`. */
      readonly gate: string | null;
      /** Jobs let in through it and not ended, oldest id first, at most 100. */
      readonly holders: readonly string[];
      /** The same with the worker that runs each and its host; `null` for one that has not started. */
      readonly heldBy: readonly {
        readonly job: string;
        readonly worker: string | null;
        readonly host: string | null;
      }[];
      /** Jobs that wait there before it. */
      readonly ahead: number;
    }
  /** It waits for tokens of a rate. */
  | {
      readonly kind: "rate-limited";
      readonly gate: string;
      /** When there are enough for one job of its weight; those before it take theirs first. */
      readonly until: number;
      readonly ahead: number;
    }
  /** It waits at a limit nobody has declared, through which nobody is let in. */
  | { readonly kind: "limit-undeclared"; readonly scope: string }
  /** Nothing is in its way: one of these workers, which have a place, takes it. */
  | ({ readonly kind: "ready" } & PlaceInLine)
  /** Every place for it is taken: one of these workers takes it when one is free. */
  | ({
      readonly kind: "places-taken";
      readonly queue: string;
      /** Jobs of its queue that these workers run. */
      readonly running: number;
      /** How many of them they run at once. */
      readonly places: number;
    } & PlaceInLine)
  /** These workers start nothing beside a job that crashed before, until it has ended. */
  | ({
      readonly kind: "held-alone";
      readonly heldBy: readonly { readonly job: string; readonly worker: string }[];
    } & PlaceInLine)
  | {
      readonly kind: "running";
      readonly worker: string;
      readonly host: string | null;
      readonly since: number | null;
    }
  /** It runs, and was asked to stop. */
  | { readonly kind: "cancelling"; readonly request: CancelRequest }
  /** Its worker is gone, or has been silent for longer than its lease: any live worker rescues it. */
  | {
      readonly kind: "worker-lost";
      readonly worker: string;
      /** Since its last heartbeat, in milliseconds; `null` for one that is no longer registered. */
      readonly silentMs: number | null;
    }
  | {
      readonly kind: "finished";
      readonly state: FinishedState;
      readonly at: number | null;
      readonly reason: EndReason | null;
    }
  /** It has failed, and a retry by hand is refused while another job holds its unique key. */
  | { readonly kind: "unique-held"; readonly key: string; readonly holder: string };
