import type { TestProject } from "vitest/node";
import { type Pooled, openPooled } from "./pooled-server.ts";
import { sharedPostgres } from "./postgres-server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** A PostgreSQL to create databases on; see `freshDatabase`. */
    databaseUrl: string;
    /** In `npm run test:pooler`, what is behind the pooler that `databaseUrl` leads to. */
    pooled: Pooled | undefined;
  }
}

interface Shared {
  users: number;
  readonly server: ReturnType<typeof openServer>;
}

/** Vitest loads this file once per project, in one process: all of them share one server. */
const slot = globalThis as { holdfastTestPostgres?: Shared };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  slot.holdfastTestPostgres ??= { users: 0, server: openServer() };
  const shared = slot.holdfastTestPostgres;
  shared.users++;
  const server = await shared.server;
  project.provide("databaseUrl", server.url);
  project.provide("pooled", server.pooled);
  return async () => {
    if (--shared.users > 0) return;
    delete slot.holdfastTestPostgres;
    await server.stop();
  };
}

async function openServer() {
  const { url, stop } = await sharedPostgres();
  const mode = process.env["HOLDFAST_TEST_POOLER"];
  if (mode === undefined) return { url, pooled: undefined, stop };
  const { close, ...way } = await openPooled(url, mode);
  return {
    ...way,
    async stop() {
      await close();
      await stop();
    },
  };
}
