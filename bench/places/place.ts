import type { Backend } from "../system.ts";
import type { Sql } from "./postgres.ts";

/** What a backend's systems run on: one server, or a folder. */
export interface Place {
  readonly backend: Backend;
  readonly version: string;
  /** How the server is set, in words. */
  readonly settings: string;
  /** An empty database of its own for one measurement. */
  openRoom(label: string): Promise<Room>;
  /** CPU seconds the server's processes used so far. */
  cpuSeconds(): Promise<number>;
  stop(): Promise<void>;
}

/** One measurement's database. */
export interface Room {
  readonly url: string;
  /** Writes out and analyses what was put in, so that no measurement pays for what came before it. */
  settle(): Promise<void>;
  /** On PostgreSQL: the server's counters of this database. */
  readonly sql?: Sql;
  drop(): Promise<void>;
}
