/**
 * Where Holdfast reads run times, backoff and timeouts from: the database's time in production,
 * a manual clock in tests. Leases, heartbeats and transaction bounds never use it.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls back once after `ms`; the returned function takes the call back. */
  after(ms: number, callback: () => void): () => void;
}
