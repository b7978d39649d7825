/** The machines a simulated system runs on. */
export interface Setup {
  /** Worker processes, each with a main thread that keeps one core busy at most. */
  readonly workers: number;
  readonly serverCores: number;
  /** Null where workers and server share the server's cores, as in the bench. */
  readonly clientCores: number | null;
  readonly roundTripMs: number;
  readonly flushMs: number;
  readonly logMegabytesPerSecond: number;
  /** Null for a drain; else every job is enqueued, claimed and settled, this many per inserting transaction. */
  readonly perInsert: number | null;
}
