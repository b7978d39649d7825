import type { AuditClient } from "../core/audit-client.ts";
import { keptDetails } from "../core/audit-details.ts";
import { checkOptions, rule } from "../core/check-options.ts";
import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { AuditStore } from "../storage/contract/audit.ts";
import type { Gate } from "./gate.ts";
import { pageOf, pageRules, pageSize } from "./page-options.ts";

/** Something an operator has done. */
export interface Deed {
  readonly by: string | undefined;
  readonly action: string;
  readonly target: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Writes down what was done, when somebody said who did it. Never throws: it is done. */
export type Auditor = (deed: Deed) => Promise<void>;

/** The pen of the audit. */
export function createAuditor(storage: AuditStore, clock: Clock, logger: Logger): Auditor {
  return async ({ by, action, target, details: said = {} }) => {
    if (by === undefined) return;
    const details = keptDetails(said);
    try {
      await storage.writeAudit({ at: clock.now(), by, action, target, details });
    } catch (error) {
      logger.error({ error, by, action, target }, "done, but missing in the audit");
    }
  };
}

/** Entries looked at for one page: what is rare among very many is found over several. */
const lookAtMost = 20_000;

/** `client.audit`. */
export function createAudit(storage: AuditStore, gate: Gate): AuditClient {
  return {
    list: (options = {}) =>
      gate.pass("client.audit.list", async () => {
        const rules = { by: rule.note, action: rule.text, target: rule.text, ...pageRules };
        checkOptions("client.audit.list", options, rules);
        const { limit = pageSize, after, ...filter } = options;
        const bounds = { limit: limit + 1, after, lookAtMost };
        const { entries, stoppedAt } = await storage.listAudit(filter, bounds);
        const { items, next } = pageOf(entries, limit);
        return { entries: items, next: next ?? stoppedAt };
      }),
  };
}
