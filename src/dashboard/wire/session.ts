import type { Permission, Role } from "../access/permission.ts";

/** `GET api/session`: who is asking, what they may do, and what this dashboard shows. */
export interface SessionAnswer {
  /** Who they are in the audit. */
  readonly actor: string;
  /** `null` when `authorize` gave a list of permissions. */
  readonly role: Role | null;
  readonly permissions: readonly Permission[];
  /** True when this dashboard takes no writes from anybody. */
  readonly readOnly: boolean;
  readonly environment: Environment | null;
  /** The version of Holdfast. */
  readonly version: string;
  readonly database: "postgres" | "sqlite";
  /** The database's time when it answered, in milliseconds since the epoch: pages count from it, not from the clock of their machine. */
  readonly now: number;
}

/** Where one is, shown as a strip above every page, so that production is never mistaken. */
export interface Environment {
  readonly name: string;
  /** One of the page's own colours; default `"gray"`. */
  readonly color: "gray" | "green" | "blue" | "amber" | "red";
}
