import type { Storage } from "../../src/storage/contract/storage.ts";

/** What a driver supplies so that the laws can be proved of it. */
export interface Harness {
  /** The driver as the output names it. */
  readonly driver: string;
  /** Laws this driver does not keep: the exact title and the reason, which the output shows. */
  readonly skips: Readonly<Record<string, string>>;
  /** A database with nothing in it, not even the schema. */
  empty(): Promise<Place>;
  /** A database that has the schema and no jobs. */
  fresh(): Promise<Place>;
}

/** One database for one law, and the ways into it. */
export interface Place {
  readonly storage: Storage;
  /** A second storage on the same database; to the database it is another process. */
  connect(): Promise<Storage>;
  /** A connection of the application's own, which knows nothing of Holdfast. */
  application(): Promise<Application>;
  /** A program of another language: it knows SQL, and what docs/guides/producers.md says. */
  producer(): Promise<Producer>;
  /** Runs SQL of several statements. */
  script(sql: string): Promise<void>;
  /** A table's name as SQL writes it. */
  table(name: string): string;
  /** Objects that are no open transaction of this database, by what they are. */
  foreign(): Promise<Readonly<Record<string, object>>>;
  /** Closes everything opened here and removes the database. */
  close(): Promise<void>;
}

/** A connection of the application: what it passes as `tx`, and its own SQL. */
export interface Application {
  readonly tx: object;
  /** Runs one statement without parameters and gives its rows. */
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** Gives an empty place its schema. */
export async function migrated(opening: Promise<Place>): Promise<Place> {
  const place = await opening;
  await place.storage.migrate();
  return place;
}

/** A program without Holdfast's code, on a connection of its own. Payload and options are JSON texts. */
export interface Producer {
  enqueue(
    name: string | null,
    payload?: string | null,
    options?: string | null,
  ): Promise<{ readonly id: string; readonly outcome: string }>;
  /** Runs one statement without parameters. */
  run(sql: string): Promise<void>;
}
