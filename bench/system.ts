export type Backend = "postgres" | "sqlite" | "redis";

/** What the settings of a worker are chosen for: jobs per second, or an early start of each. */
export type Aim = "throughput" | "latency";

/** What every job carries: when it was enqueued (CLOCK_MONOTONIC, nanoseconds) and text up to the wanted size. */
export interface Payload {
  readonly sentAt: string;
  readonly text: string;
}

/** The side that enqueues, with its connections open. */
export interface Producer {
  enqueue(payload: Payload): Promise<unknown>;
  /** Many at once, by the system's own way for that. */
  enqueueMany(payloads: readonly Payload[]): Promise<unknown>;
  close(): Promise<void>;
}

/** The side that works, with its connections open; it takes no job before `start`. */
export interface Consumer {
  start(): Promise<unknown>;
  stop(): Promise<unknown>;
}

export interface ConsumerPlan {
  readonly aim: Aim;
  /** Only where a scenario needs more than the system's usual setting. */
  readonly concurrency?: number;
  readonly handle: (payload: Payload) => void | Promise<void>;
}

/** Jobs that lie about while others are drained. */
export interface Backlog {
  readonly finished: number;
  readonly delayed: number;
  readonly failed: number;
  /** Jobs of one lane, and of one limit, that nobody can run. */
  readonly inLane?: number;
  readonly inLimit?: number;
}

/** Where a system's PostgreSQL statements and tables are found, to read the server's counters of them. */
export interface SqlMarks {
  /** Regular expression of PostgreSQL that the claiming statement's text matches, and no other statement's. */
  readonly claim: string;
  /** Regular expression of PostgreSQL for the `schema.table` names of the tables with the waiting jobs. */
  readonly live: string;
}

/** One system on one backend, used through its public interface only. Loaded by the harness and by its processes. */
export interface System {
  readonly name: string;
  readonly backend: Backend;
  /** The package whose version is reported; Holdfast's own is that of this repository. */
  readonly package: string;
  /** The settings, in words, and where they are documented. */
  readonly settings: string;
  /** The share of the jobs it gets where all would take too long; its figure is per job or per second all the same. */
  readonly share?: number;
  /** True where bulk is quick enough for all of the jobs, whatever the share. */
  readonly wholeBulk?: boolean;
  /** The preset that stands for this one where their difference is not measured. */
  readonly presetOf?: string;
  /** Its rounds are cut to this many, because it is far from every target. */
  readonly rounds?: number;
  /** True where nothing cuts its rounds: it is compared with itself, and differences are small. */
  readonly everyRound?: boolean;
  /** True where a process can have only one worker. */
  readonly onePerProcess?: boolean;
  readonly sql?: SqlMarks;
  /** Makes a fresh place ready: tables, queues. */
  prepare(url: string): Promise<void>;
  openProducer(url: string): Promise<Producer>;
  openConsumer(url: string, plan: ConsumerPlan): Promise<Consumer>;
  /** How many jobs the system itself says are waiting or running. */
  remaining(url: string): Promise<number>;
  /** Absent where the system cannot hold such jobs or they cannot be made in reasonable time. */
  fill?(url: string, backlog: Backlog): Promise<void>;
  /** A week of finished jobs of many names and queues. */
  history?(url: string, jobs: number): Promise<void>;
  /** Lets a day of the finished jobs expire. */
  expire?(url: string): Promise<void>;
  /** Asks an operator's questions so often; how many milliseconds each took, by kind. */
  look?(url: string, calls: number): Promise<Readonly<Record<string, readonly number[]>>>;
}

/** The name a system goes by on the command line when it is there for several backends. */
export const fullName = ({ name, backend }: System): string => `${name}@${backend}`;
