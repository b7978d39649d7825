import type { AdmitStore } from "./admit.ts";
import type { AuditStore } from "./audit.ts";
import type { ClaimStore } from "./claim.ts";
import type { ControlStore } from "./control.ts";
import type { EnqueueStore } from "./enqueue.ts";
import type { HealthStore } from "./health.ts";
import type { InspectStore } from "./inspect.ts";
import type { LimitStore } from "./limit.ts";
import type { LogStore } from "./log.ts";
import type { MaintainStore } from "./maintain.ts";
import type { OperateStore } from "./operate.ts";
import type { PresenceStore } from "./presence.ts";
import type { ScheduleStore } from "./schedule.ts";
import type { SchemaStore } from "./schema.ts";
import type { SearchStore } from "./search.ts";
import type { SettleStore } from "./settle.ts";
import type { StatsStore } from "./stats.ts";
import type { TransactStore } from "./transact.ts";
import type { TransferStore } from "./transfer.ts";
import type { TurnStore } from "./turn.ts";
import type { WakeupStore } from "./wakeup.ts";

/**
 * Where jobs live: a role for each task, one file each here and in every driver. It speaks of jobs, never of tables.
 *
 * Laws that hold for every role:
 * - `now` is handed in by the caller (its clock); storage reads no clock but in `serverTime` and for heartbeats.
 * - Ids are decimal text. JSON columns are text, already checked. Times are whole milliseconds since the epoch.
 * - Every write about a running job is fenced by its lease and reports what it did not touch.
 * - Everything thrown is a `HoldfastError`; `retryable` says whether to try again.
 */
export interface Storage
  extends SchemaStore,
    TransactStore,
    EnqueueStore,
    ClaimStore,
    SettleStore,
    TurnStore,
    AdmitStore,
    MaintainStore,
    PresenceStore,
    InspectStore,
    SearchStore,
    LogStore,
    ControlStore,
    LimitStore,
    OperateStore,
    AuditStore,
    TransferStore,
    HealthStore,
    ScheduleStore,
    StatsStore,
    WakeupStore {
  readonly kind: "postgres" | "sqlite";
  /** The database's time now, in milliseconds since the epoch. */
  serverTime(): Promise<number>;
  /** Closes the connections it opened itself, after what is under way; idempotent. */
  close(): Promise<void>;
}
