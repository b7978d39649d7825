import { storageError } from "../sql-errors.ts";
import type { PgPoolClient, PgResult } from "./pg-shapes.ts";

/** Runs one statement and gives its rows. */
export type Query = <Row>(sql: string, params?: readonly unknown[]) => Promise<readonly Row[]>;

/** A connection checked out of a pool, which outlives its loss without crashing the process. */
export interface Session {
  readonly client: PgPoolClient;
  readonly query: Query;
  run(sql: string, params?: readonly unknown[]): Promise<PgResult>;
  /** The error that ended the connection, if it has ended. */
  lostBy(): unknown;
  /** Gives the connection back; one that was lost is closed. */
  release(): void;
}

/** Wraps a client just checked out. */
export function createSession(client: PgPoolClient): Session {
  let lost: unknown;
  const onError = (error: unknown) => {
    lost ??= error;
  };
  // A pool listens for errors of idle clients only: without this a lost connection would end the process.
  client.on("error", onError);

  async function run(sql: string, params?: readonly unknown[]): Promise<PgResult> {
    try {
      return await client.query(sql, params as unknown[] | undefined);
    } catch (error) {
      const translated = storageError(error);
      if (translated.code === "STORAGE_UNAVAILABLE") lost ??= error;
      throw translated;
    }
  }

  return {
    client,
    run,
    query: async <Row>(sql: string, params?: readonly unknown[]) =>
      (await run(sql, params)).rows as readonly Row[],
    lostBy: () => lost,
    release() {
      client.off("error", onError);
      client.release(lost !== undefined);
    },
  };
}
