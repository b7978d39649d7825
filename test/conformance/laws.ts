import { generationLaws, idempotencyLaws } from "./after-jobs.ts";
import { auditLaws } from "./audit.ts";
import { countingLaws } from "./counting.ts";
import { callerTransactionLaws } from "./caller-transaction.ts";
import { cappedLaws } from "./capped.ts";
import { claimLaws } from "./claim.ts";
import { concurrentLaws } from "./concurrent.ts";
import { controlLaws } from "./control.ts";
import { enqueueLaws } from "./enqueue.ts";
import { filterLaws } from "./filter.ts";
import { filterRunLaws } from "./filter-runs.ts";
import { gaugesLaws } from "./gauges.ts";
import { healthLaws } from "./health.ts";
import { inspectLaws } from "./inspect.ts";
import { laneVerbLaws } from "./lane-verbs.ts";
import { laneLaws } from "./lanes.ts";
import type { Chapter } from "./law.ts";
import { leaseLaws } from "./lease.ts";
import { limitLaws, rateAdmissionLaws, rateLaws } from "./limit.ts";
import { operateLaws } from "./operate.ts";
import { logLaws } from "./log.ts";
import { promoteLaws, pruneLaws, rescueLaws } from "./maintain.ts";
import { presenceLaws } from "./presence.ts";
import { queueSettingsLaws } from "./queue-settings.ts";
import { producerKeyLaws } from "./producer-keys.ts";
import { producerLaws } from "./producers.ts";
import { raceLaws } from "./races.ts";
import { runnableLaws } from "./runnable.ts";
import { savepointLaws } from "./savepoint.ts";
import { scheduleLaws, tickLaws } from "./schedule.ts";
import { schemaLaws } from "./schema.ts";
import { searchLaws } from "./search.ts";
import { textLaws } from "./texts.ts";
import { settleLaws } from "./settle.ts";
import { statsLaws } from "./stats.ts";
import { everLaws } from "./stats-ever.ts";
import { rollUpLaws } from "./stats-roll-up.ts";
import { storageLaws } from "./storage.ts";
import { traceLaws } from "./trace.ts";
import { transactLaws } from "./transact.ts";
import { trapLaws } from "./traps.ts";
import { transferLaws } from "./transfer.ts";
import { turnLaws } from "./turn.ts";
import { uniqueLaws } from "./unique.ts";
import { updateLaws } from "./update.ts";
import { upgradeLaws } from "./upgrade.ts";
import { wakeupLaws } from "./wakeup.ts";

/** Every law of the storage contract, by role. */
export const laws: Readonly<Record<string, Chapter>> = {
  storage: storageLaws,
  schema: schemaLaws,
  "schema: upgrades": upgradeLaws,
  transact: transactLaws,
  "transact: savepoints": savepointLaws,
  enqueue: enqueueLaws,
  "enqueue: unique keys": uniqueLaws,
  "enqueue: idempotency keys": idempotencyLaws,
  "enqueue: generations": generationLaws,
  "enqueue: the caller's transaction": callerTransactionLaws,
  "enqueue: producers without Holdfast": producerLaws,
  "enqueue: keys of producers": producerKeyLaws,
  claim: claimLaws,
  "claim: queues with a maxRunning": cappedLaws,
  settle: settleLaws,
  "settle: leases": leaseLaws,
  turn: turnLaws,
  "admit: lanes": laneLaws,
  "admit: verbs and lanes": laneVerbLaws,
  "admit: limits": concurrentLaws,
  "admit: who can run": runnableLaws,
  "maintain: promote": promoteLaws,
  "maintain: rescue": rescueLaws,
  "maintain: prune": pruneLaws,
  presence: presenceLaws,
  inspect: inspectLaws,
  "inspect: filters": filterLaws,
  "inspect: filters of runs": filterRunLaws,
  "inspect: bounded searches": searchLaws,
  "inspect: texts": textLaws,
  "inspect: gauges": gaugesLaws,
  log: logLaws,
  health: healthLaws,
  control: controlLaws,
  "control: updates": updateLaws,
  "control: settings of queues": queueSettingsLaws,
  limit: limitLaws,
  "limit: rates": rateLaws,
  "limit: rates of jobs": rateAdmissionLaws,
  operate: operateLaws,
  audit: auditLaws,
  counting: countingLaws,
  transfer: transferLaws,
  schedule: scheduleLaws,
  "schedule: ticks": tickLaws,
  stats: statsLaws,
  "stats: adding up": rollUpLaws,
  "stats: since ever": everLaws,
  wakeup: wakeupLaws,
  races: raceLaws,
  trace: traceLaws,
  traps: trapLaws,
};
