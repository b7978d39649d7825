import type { ActivityFacts, HealthFacts, WakeupPing } from "../../core/health-facts.ts";

/** What the doctor looks at. It changes nothing. */
export interface HealthStore {
  /**
   * How the database, this user's rights and the schema's parts are. It asks nothing of Holdfast's tables, and so works
   * whatever is missing of them.
   *
   * @throws {HoldfastError} `STORAGE_*` when the database does not answer.
   */
  readHealth(): Promise<HealthFacts>;
  /** True when the database takes no writes. Costs next to nothing. */
  isReadOnly(): Promise<boolean>;
  /**
   * What waits. Looks at every job that has not finished: for now and then, not for every second.
   *
   * @throws {HoldfastError} `SCHEMA_OUT_OF_DATE`, `STORAGE_*`.
   */
  readActivity(now: number): Promise<ActivityFacts>;
  /** Sends itself a wakeup the way other processes do, and waits for it to arrive. */
  pingWakeups(withinMs: number): Promise<WakeupPing>;
}
