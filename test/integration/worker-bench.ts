import {
  type BatchHandler,
  type Client,
  type Clock,
  createClient,
  createWorker,
  type FinishedJob,
  type Job,
  type JobHandler,
  type JobId,
  type Storage,
  type Telemetry,
  type Worker,
  type WorkerOptions,
} from "holdfast";
import { eventually } from "../conformance/eventually.ts";
import { overridden } from "../support/overridden.ts";
import { type RecordingLogger, recordingLogger } from "../support/recording-logger.ts";
import {
  type DatabasePlace,
  type Databases,
  describeDatabases,
  describePostgres,
  describeSharedDatabases,
} from "./client-databases.ts";

/** A client on an empty database with a logger that is listened to; workers are stopped after the test. */
export interface Bench {
  readonly client: Client;
  /** The storage below the client, past whatever it was wrapped in. */
  readonly storage: Storage;
  /** Where other processes find the database. */
  readonly place: DatabasePlace;
  readonly log: RecordingLogger;
  /** Starts a worker that is quick to look and quick to stop. */
  work(
    handlers: readonly (JobHandler | BatchHandler)[],
    options?: Omit<WorkerOptions<unknown>, "handlers">,
  ): Promise<Worker>;
  /** How a job ended. */
  finished<Result>(id: JobId<Result>): Promise<FinishedJob<Result>>;
  /** The job, which must exist. */
  job(id: string): Promise<Job>;
  /** The job, as soon as something holds for it. */
  jobOnce(id: string, what: string, holds: (job: Job) => boolean): Promise<Job>;
}

/** What a bench is set up with. */
export interface BenchOptions {
  /** Another bench whose database this one shares, as another deploy of the application would. */
  readonly on?: Bench;
  readonly clock?: Clock;
  readonly telemetry?: Telemetry;
  readonly wrap?: (storage: Storage) => Storage;
  /** True for heartbeats from threads, as in production; most tests have nothing to say about them and are quicker without. */
  readonly threads?: boolean;
}

/** Sets up a bench on an empty database. */
export type OpenBench = (options?: BenchOptions) => Promise<Bench>;

/** Runs the same tests on all databases. */
export function describeWorkers(run: (openBench: OpenBench, databases: Databases) => void): void {
  describeDatabases((databases) => run((options) => openBench(databases, options), databases));
}

/** Runs tests that are about PostgreSQL alone. */
export function describePostgresWorkers(
  run: (openBench: OpenBench, databases: Databases) => void,
): void {
  describePostgres((databases) => run((options) => openBench(databases, options), databases));
}

/** The same on those that other processes can open too. */
export function describeSharedWorkers(
  run: (openBench: OpenBench, databases: Databases) => void,
): void {
  describeSharedDatabases((databases) =>
    run((options) => openBench(databases, options), databases),
  );
}

const quick = { poll: "20ms", drain: "100ms", grace: "100ms" } as const;

async function openBench(databases: Databases, options: BenchOptions = {}): Promise<Bench> {
  const { on, threads = false, wrap = (storage: Storage) => storage, ...settings } = options;
  const log = recordingLogger();
  const listening = { logger: log, ...settings };
  const wrapped = (given: Storage): Storage =>
    wrap(threads ? given : overridden(given, { heartModule: undefined }));
  const [client, storage, place] =
    on === undefined
      ? await databases.onStorage(wrapped, listening)
      : [
          databases.closing(await createClient({ storage: wrapped(on.storage), ...listening })),
          on.storage,
          on.place,
        ];

  async function job(id: string): Promise<Job> {
    const found = await client.jobs.get(id);
    if (found === undefined) throw new Error(`Job ${id} does not exist.`);
    return found;
  }

  return {
    client,
    storage,
    place,
    log,
    job,
    async work(handlers, given) {
      const worker = createWorker(client, { handlers, ...quick, ...given });
      databases.closing({ close: () => worker.stop() });
      await worker.start();
      return worker;
    },
    finished: (id) => client.handle(id).finished({ timeout: "15s" }),
    jobOnce: (id, what, holds) =>
      eventually(`job ${id} ${what}`, async () => {
        const found = await job(id);
        return holds(found) && found;
      }),
  };
}
