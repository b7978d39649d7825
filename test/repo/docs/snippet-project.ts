import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type CodeBlock, root } from "./pages.ts";

/** What snippets may use without saying where it comes from: an application around them. */
const world = `
import type { DatabaseSync } from "node:sqlite";
import type * as holdfast from "holdfast";
import type * as bootstrapping from "holdfast/bootstrap";
import type * as http from "holdfast/http";
import type * as context from "holdfast/context";
import type * as dashboards from "holdfast/dashboard";
import type * as otel from "holdfast/otel";
import type * as postgres from "holdfast/postgres";
import type * as process from "holdfast/process";
import type * as sqlite from "holdfast/sqlite";
import type * as testing from "holdfast/testing";
import type pg from "pg";

declare global {
  const createClient: typeof holdfast.createClient;
  const createWorker: typeof holdfast.createWorker;
  const { defineConfig, defineJob, defineKeyedJob, defineResidentJob }: typeof holdfast;
  const DiscardError: typeof holdfast.DiscardError;
  const ThrottleError: typeof holdfast.ThrottleError;
  const HoldfastError: typeof holdfast.HoldfastError;
  const { bootstrap, currentAuth }: typeof bootstrapping;
  const { createManualClock, drain, expectEnqueued }: typeof testing;
  const { currentJob }: typeof context;
  const { createDashboard }: typeof dashboards;
  const { openTelemetry }: typeof otel;
  const { command, processPool, threadHandler, serveThread }: typeof process;
  const { createHealthHandler, requestClient, serveHttp }: typeof http;
  const { postgresStorage }: typeof postgres;
  const { sqliteStorage }: typeof sqlite;

  const client: holdfast.Client;
  const worker: holdfast.Worker;
  const pool: pg.Pool;
  const db: DatabaseSync;
  const id: holdfast.JobId;
  const jobId: holdfast.JobId;
  const orderId: number;
  const email: string;
  const response: Response;

  const sendWelcome: holdfast.JobDefinition<{ email: string }>;
  const sendReceipt: holdfast.JobDefinition<{ orderId: number }>;
  const shipOrder: holdfast.JobDefinition<{ orderId: number }>;
  const importFile: holdfast.JobDefinition<{ path: string }>;
  const greeting: holdfast.JobDefinition<{ email: string }, { email: string }, string>;
  const welcome: holdfast.JobHandler;

  const mailer: { send(to: string, options: { signal: AbortSignal }): Promise<string> };
  const carrier: { print(orderId: number, options: { signal: AbortSignal }): Promise<string> };
  function send(payload: { email: string }): Promise<void>;
  function signUp(client: holdfast.Client, email: string): Promise<void>;
  function isClosed(month: string): Promise<boolean>;
  function renderReport(month: string, options: { signal: AbortSignal }): Promise<string>;
  function readBatches(path: string, line: number): AsyncIterable<string[]>;
  function store(batch: string[]): Promise<number>;
  function writeMigration(name: string, sql: string): void;
}
`;

/** What recipes use of frameworks that are not installed, as far as they use it, in the words of their documentation. */
const frameworks = `
declare module "next" {
  export interface NextConfig {
    serverExternalPackages?: string[];
  }
}
declare module "@nestjs/common" {
  type Token = string | symbol | (abstract new (...args: never) => unknown);
  interface FactoryProvider {
    provide: Token;
    useFactory: (...args: never[]) => unknown;
    inject?: Token[];
  }
  export function Module(metadata: {
    providers?: FactoryProvider[];
    exports?: Token[];
  }): ClassDecorator;
  export interface OnApplicationBootstrap {
    onApplicationBootstrap(): unknown;
  }
  export interface BeforeApplicationShutdown {
    beforeApplicationShutdown(signal?: string): unknown;
  }
  export interface OnApplicationShutdown {
    onApplicationShutdown(signal?: string): unknown;
  }
}
declare module "@nestjs/core" {
  interface INestApplication {
    use(...args: unknown[]): this;
    get<Instance>(token: symbol | (abstract new (...args: never) => Instance)): Instance;
    enableShutdownHooks(): this;
    listen(port: number): Promise<unknown>;
  }
  export const NestFactory: {
    create(module: abstract new () => unknown): Promise<INestApplication>;
  };
}
`;

const compilerOptions = {
  noEmit: true,
  incremental: false,
  rewriteRelativeImportExtensions: false,
  noUnusedLocals: false,
  paths: { "@jest/globals": ["../../test/support/jest-globals.ts"] },
};

/**
 * Compiles snippets against the package as users see it, each as a module of its own. A first line such as `// jobs.ts`
 * names the module, so that the snippets after it on the same page can import it.
 * Gives the compiler's complaints, with the snippet's place.
 */
export function compileSnippets(blocks: readonly CodeBlock[]): string {
  const folder = `${root}.cache/snippets`;
  rmSync(folder, { recursive: true, force: true });
  const places = new Map<string, string>();
  for (const [index, { code, place }] of blocks.entries()) {
    const page = place.replace(/:\d+$/, "").replaceAll(/\W/g, "-");
    const name = /^\/\/ ([\w-]+)\.ts\n/.exec(code)?.[1] ?? `snippet-${index}`;
    places.set(`${page}/${name}.ts`, place);
    write(`${folder}/${page}/${name}.ts`, `${code}\nexport {};\n`);
  }
  write(`${folder}/world.d.ts`, world);
  write(`${folder}/frameworks.d.ts`, frameworks);
  const config = {
    extends: "../../tsconfig.base.json",
    compilerOptions,
    include: ["**/*"],
  };
  write(`${folder}/tsconfig.json`, JSON.stringify(config));
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  const { stdout, status } = spawnSync(process.execPath, [tsc, "-p", folder, "--pretty", "false"], {
    encoding: "utf8",
    cwd: folder,
  });
  if (status === 0) return "";
  return stdout.replace(/^([\w./-]+\.ts)\((\d+),/gm, (_all, file: string, line: string) => {
    return `${places.get(file) ?? file} + ${line} (`;
  });
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
