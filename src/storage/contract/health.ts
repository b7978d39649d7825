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
   * What goes on. However many jobs there are, it looks at about `lookAtMost` of those that are live, beginning in each queue with
   * those that are to run next, where what nobody can run is left standing; at as many that are overdue; and at about twice as
   * many that wait at gates, the newest among them. Of each gate it names it counts up to so many.
   *
   * @throws {HoldfastError} `SCHEMA_OUT_OF_DATE`, `STORAGE_*`.
   */
  readActivity(now: number, lookAtMost: number): Promise<ActivityFacts>;
  /** Sends itself a wakeup the way other processes do, and waits for it to arrive. */
  pingWakeups(withinMs: number): Promise<WakeupPing>;
}
