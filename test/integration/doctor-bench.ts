import type { Client, Diagnosis, DoctorOptions, Finding, FindingCode, Storage } from "holdfast";
import { aJob, enqueue } from "../conformance/jobs.ts";
import type { DatabasePlace, Databases } from "./client-databases.ts";

/** A client with the doctor at hand, and ways to make a database ill. */
export interface Practice {
  readonly client: Client;
  readonly storage: Storage;
  readonly place: DatabasePlace;
  /** The findings of one code. */
  found(code: FindingCode, options?: DoctorOptions): Promise<readonly Finding[]>;
  /** Runs one statement on the database. */
  run(sql: string): Promise<unknown>;
  /** A table's name as SQL writes it. */
  table(name: string): string;
}

/** A practice on an empty database with the schema. */
export async function openPractice(
  databases: Databases,
  wrap?: (storage: Storage) => Storage,
): Promise<Practice> {
  const [client, storage, place] = await databases.onStorage(wrap);
  const { schema } = place;
  return {
    client,
    storage,
    place,
    found: async (code, options) => only(code, await client.doctor(options)),
    run: (sql) => storage.transact((tx) => tx.query(sql)),
    table: (name) => (schema === undefined ? `holdfast_${name}` : `${schema}.${name}`),
  };
}

/** The findings of one code. */
export function only(code: FindingCode, { findings }: Diagnosis): readonly Finding[] {
  return findings.filter((finding) => finding.code === code);
}

/** Puts jobs into a queue without a client. */
export function queueJobs(storage: Storage, ...given: readonly Parameters<typeof aJob>[0][]) {
  return enqueue(storage, ...given.map((each) => aJob(each)));
}
