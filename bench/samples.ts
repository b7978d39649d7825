/** One figure of one system in one round: what the measuring half hands to the reporting half. */
export interface Sample {
  readonly scenario: string;
  readonly backend: string;
  readonly system: string;
  readonly unit: string;
  readonly better: "higher" | "lower";
  readonly round: number;
  readonly value: number;
}

/** A figure that could not be measured, and why: nothing is left out silently. */
export interface NotRun {
  readonly scenario: string;
  readonly backend: string;
  readonly system: string;
  readonly reason: string;
}

/** Something a reader of a figure should know, as that it was measured with fewer jobs. */
export interface Remark {
  readonly scenario: string;
  readonly backend: string;
  readonly system: string;
  readonly text: string;
}

/** Where, when and of which commit a run is. */
export interface Host {
  readonly cpus: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly date: string;
  readonly commit: string;
}

/** What the figures of a run depend on beside the systems' code. */
export interface Machine extends Host {
  readonly postgres: string;
  readonly sqlite: string;
  /** Null where no redis-server is on the machine. */
  readonly redis: string | null;
  /** System to version of its package. */
  readonly versions: Record<string, string>;
  /** System to its settings in words; servers are listed too, and under "run" how much was measured. */
  readonly settings: Record<string, string>;
}

/** Everything one call of `npm run bench` measured. */
export interface BenchRun {
  readonly machine: Machine;
  readonly samples: readonly Sample[];
  readonly notRun: readonly NotRun[];
  readonly remarks: readonly Remark[];
}
