/** What work costs on the machine it was measured on: the numbers the simulation is fed with. */
export interface Costs {
  /** CPU of a worker process for claiming, running and settling one no-op job. */
  readonly clientMsPerJob: number;
  /** CPU of the server for claiming and settling one job. */
  readonly serverMsPerJob: number;
  /** CPU of the server for inserting one job of many. */
  readonly insertMsPerJob: number;
  /** CPU of the server for a statement and its commit, whatever they carry. */
  readonly statementMs: number;
  /** CPU of the server for stepping over a row that another claim has locked. */
  readonly skipMsPerRow: number;
  /**
   * How many times more CPU all this takes where processes wait for cores: they push each other out of caches and meet at the
   * same rows. The other costs are those of one process, which keeps both cores busy but waits for none.
   */
  readonly crowding: number;
  readonly roundTripMs: number;
  /** Until the disk says that a small write is safe. */
  readonly flushMs: number;
  /** Write-ahead log of claiming and settling one job, and of inserting one. */
  readonly walBytesPerJob: number;
  readonly walBytesPerInsert: number;
}

/** How a Holdfast worker asks for work; see the runtime's claims, slots and settler. */
export interface EngineLimits {
  /** Jobs a worker holds at once, claimed and not yet settled. */
  readonly held: number;
  /** Jobs a turn settles at most. It claims as many again; one that is under way alone claims for all free places. */
  readonly perTurn: number;
}
