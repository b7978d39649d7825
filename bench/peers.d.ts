/** What is used of the peers. Their packages are not installed at the root, where types are checked. */

declare module "graphile-worker" {
  import type { Pool } from "pg";

  export class Logger {
    constructor(factory: () => () => void);
    info(message: string): void;
  }
  interface Job {
    readonly id: string;
  }
  interface WorkerUtils {
    migrate(): Promise<void>;
    addJob(identifier: string, payload: unknown, spec?: { runAt?: Date }): Promise<Job>;
    addJobs(jobs: readonly { identifier: string; payload: unknown }[]): Promise<unknown>;
    permanentlyFailJobs(ids: readonly string[], reason: string): Promise<unknown>;
    release(): Promise<void>;
  }
  export function makeWorkerUtils(options: {
    connectionString: string;
    logger: Logger;
  }): Promise<WorkerUtils>;
  export function run(options: {
    pgPool: Pool;
    logger: Logger;
    noHandleSignals: boolean;
    taskList: Readonly<Record<string, (payload: unknown) => Promise<void>>>;
    preset: { worker: object };
  }): Promise<{ stop(): Promise<void> }>;
}

declare module "pg-boss" {
  export class PgBoss {
    constructor(options: object);
    on(event: "error", listener: (error: Error) => void): this;
    start(): Promise<unknown>;
    stop(options: { graceful: boolean; timeout?: number }): Promise<void>;
    createQueue(name: string, options: { notify: boolean }): Promise<void>;
    send(name: string, data: object, options?: object): Promise<string | null>;
    insert(name: string, jobs: readonly { data: object }[]): Promise<unknown>;
    fetch(name: string, options: { batchSize: number }): Promise<unknown>;
    complete(name: string, id: string): Promise<unknown>;
    fail(name: string, id: string): Promise<unknown>;
    work(
      name: string,
      options: object,
      handler: (jobs: readonly { data: unknown }[]) => Promise<void>,
    ): Promise<string>;
  }
}

declare module "bullmq" {
  interface JobLike {
    readonly data: unknown;
  }
  interface Connected {
    readonly connection: object;
  }
  export class Queue {
    constructor(name: string, options: Connected);
    add(name: string, data: unknown, options?: object): Promise<{ readonly id?: string }>;
    addBulk(jobs: { name: string; data: unknown; opts?: object }[]): Promise<unknown>;
    getJobCounts(...states: string[]): Promise<Record<string, number>>;
    waitUntilReady(): Promise<unknown>;
    on(event: "error", listener: (error: Error) => void): this;
    close(): Promise<void>;
  }
  export class Worker {
    constructor(
      name: string,
      processor: (job: JobLike) => Promise<void>,
      options: Connected & { concurrency?: number; autorun?: boolean },
    );
    run(): Promise<void>;
    waitUntilReady(): Promise<unknown>;
    on(event: "error", listener: (error: Error) => void): this;
    close(): Promise<void>;
  }
  interface BackendFactory {
    readonly name: string;
  }
  export const createPostgresBackend: BackendFactory;
  export function withBackend(factory: BackendFactory): {
    readonly Queue: typeof Queue;
    readonly Worker: typeof Worker;
  };
}

declare module "sidequest" {
  export class Job {
    run(...args: unknown[]): Promise<void>;
  }
  interface Counts {
    readonly waiting: number;
    readonly claimed: number;
    readonly running: number;
  }
  export const Sidequest: {
    configure(options: object): Promise<unknown>;
    start(options: object): Promise<void>;
    stop(): Promise<void>;
    build(job: typeof Job): { enqueue(...args: unknown[]): Promise<unknown> };
    readonly job: { count(): Promise<Counts> };
  };
}

declare module "better-sqlite3" {
  interface Statement {
    get(...params: readonly unknown[]): unknown;
  }
  export default class Database {
    constructor(path: string);
    pragma(text: string): unknown;
    exec(sql: string): unknown;
    prepare(sql: string): Statement;
  }
}

declare module "plainjob" {
  import type Database from "better-sqlite3";

  interface Logger {
    error(): void;
    warn(): void;
    info(): void;
    debug(): void;
  }
  interface Queue {
    add(type: string, data: unknown, options?: { delay?: number }): { readonly id: number };
    addMany(type: string, data: readonly unknown[]): unknown;
    markJobAsDone(id: number): void;
    markJobAsFailed(id: number, error: string): void;
    close(): void;
  }
  interface Worker {
    start(): Promise<void>;
    stop(): Promise<void>;
  }
  export function better(database: Database): object;
  export function defineQueue(options: { connection: object; logger: Logger }): Queue;
  export function defineWorker(
    type: string,
    handle: (job: { readonly data: string }) => Promise<void>,
    options: { queue: Queue; logger: Logger; pollIntervall?: number },
  ): Worker;
}

declare module "ioredis" {
  export class Redis {
    constructor(url: string);
    eval(script: string, keys: number, ...params: readonly (string | number)[]): Promise<unknown>;
    disconnect(): void;
  }
}
