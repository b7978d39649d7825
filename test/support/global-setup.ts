import type { TestProject } from "vitest/node";
import { sharedPostgres } from "./postgres-server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** A PostgreSQL to create databases on; see `freshDatabase`. */
    databaseUrl: string;
  }
}

interface Shared {
  users: number;
  readonly server: ReturnType<typeof sharedPostgres>;
}

/** Vitest loads this file once per project, in one process: all of them share one server. */
const slot = globalThis as { holdfastTestPostgres?: Shared };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  slot.holdfastTestPostgres ??= { users: 0, server: sharedPostgres() };
  const shared = slot.holdfastTestPostgres;
  shared.users++;
  const server = await shared.server;
  project.provide("databaseUrl", server.url);
  return async () => {
    if (--shared.users > 0) return;
    delete slot.holdfastTestPostgres;
    await server.stop();
  };
}
