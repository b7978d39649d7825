/** The rooms of the package: folders with one task each, and the table of who may use whom. */

const roomFolders = [
  "core",
  "storage/contract",
  "storage/shared",
  "storage/postgres",
  "storage/sqlite",
  "client",
  "service",
  "runtime",
  "cron",
  "limits",
  "process/protocol",
  "process",
  "telemetry",
  "http",
  "identity",
  "bootstrap",
  "dashboard",
  "integrations/transactions",
  "integrations",
  "testing",
  "cli",
] as const;

/** `entry` is the files at the root of `src`: what users import. */
export type Room = (typeof roomFolders)[number] | "entry";

export const drivers = ["postgres", "sqlite"] as const;

/** The room a path belongs to, or undefined when it belongs to none. */
export function roomOf(path: string): Room | undefined {
  if (/^src\/[^/]+\.ts$/.test(path)) return "entry";
  return roomFolders.find((room) => path.startsWith(`src/${room}/`));
}

/** Above the drivers: whoever composes the package out of its rooms. */
const composition: readonly Room[] = [
  "core",
  "storage/contract",
  "storage/shared",
  "client",
  "service",
  "runtime",
  "cron",
  "limits",
  "process",
  "telemetry",
  "http",
  "identity",
  "bootstrap",
  "dashboard",
  "integrations/transactions",
  "integrations",
  "testing",
  "cli",
];

const services: readonly Room[] = ["core", "storage/contract", "telemetry", "service"];

/** What each room may import besides itself. Drivers are reached only through `driverDoors`. */
export const mayImport: Readonly<Record<Room, readonly Room[]>> = {
  core: [],
  "storage/contract": ["core"],
  "storage/shared": ["core", "storage/contract", "telemetry"],
  "storage/postgres": ["core", "storage/contract", "storage/shared"],
  "storage/sqlite": ["core", "storage/contract", "storage/shared"],
  telemetry: ["core"],
  service: ["core", "telemetry"],
  cron: services,
  limits: services,
  "process/protocol": ["core"],
  process: ["core", "process/protocol"],
  identity: ["core"],
  bootstrap: [...services, "client", "identity", "runtime"],
  "integrations/transactions": ["core"],
  client: [...services, "cron", "limits", "integrations/transactions"],
  runtime: [...services, "storage/shared", "cron", "limits", "integrations/transactions"],
  http: ["core", "service"],
  dashboard: ["core", "telemetry", "service", "client", "http"],
  integrations: composition,
  testing: composition,
  cli: [...composition, "entry"],
  entry: composition,
};

/** Rooms of which only types may be used. */
export const mayImportTypes: Readonly<Partial<Record<Room, readonly Room[]>>> = {
  runtime: ["client"],
  service: ["storage/contract"],
  http: ["storage/contract"],
};

/** Rooms that use only the types of what they import, so that they compile to nothing. */
export const typesOnlyRooms: readonly Room[] = ["storage/contract"];

/** The only files outside a driver that may import it. */
export const driverDoors: Readonly<Record<string, readonly Room[]>> = {
  "src/postgres.ts": ["storage/postgres"],
  "src/sqlite.ts": ["storage/sqlite"],
  "src/client/open-storage.ts": ["storage/postgres", "storage/sqlite"],
};

/** Narrower than their room: the executors run user code and must not be able to reach storage. */
export const forbiddenFor: Readonly<Record<string, readonly Room[]>> = {
  "src/runtime/batch-executor.ts": ["storage/contract", "storage/shared"],
  "src/runtime/executor.ts": ["storage/contract", "storage/shared"],
};

/** The packages a room may import; `"types"` allows `import type` only. `node:` modules are a separate rule. */
export const packages: Readonly<Partial<Record<Room, Readonly<Record<string, "all" | "types">>>>> =
  {
    core: { "@standard-schema/spec": "types" },
    "storage/postgres": { pg: "all" },
    "storage/sqlite": { "node:sqlite": "all", "@photostructure/sqlite": "all" },
    cron: { croner: "all" },
    telemetry: { "@opentelemetry/api": "all" },
    bootstrap: {
      "@opentelemetry/api": "all",
      "@opentelemetry/sdk-node": "all",
      ioredis: "all",
      pg: "all",
    },
    dashboard: { hono: "all" },
    integrations: { fastify: "types", hono: "types" },
    cli: { commander: "all" },
  };

/** The files that load a module they are told: the command line an application's jobs, the heartbeat thread its driver's heart. */
export const computedImports: readonly string[] = [
  "src/cli/import-module.ts",
  "src/runtime/heart-thread.ts",
];

/** Rooms that must run anywhere, and so may not import `node:` modules. */
export const roomsWithoutNode: readonly Room[] = ["core", "storage/contract", "process/protocol"];

/** Rooms that decide and do nothing else: no clock, no randomness, no environment. */
export const pureRooms: readonly Room[] = ["core", "process/protocol"];
