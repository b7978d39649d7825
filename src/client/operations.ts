import { setTimeout as sleep } from "node:timers/promises";
import { checkOptions, rule } from "../core/check-options.ts";
import type { Clock } from "../core/clock.ts";
import { formatDuration, parseDuration } from "../core/duration.ts";
import { HoldfastError } from "../core/errors.ts";
import type { JobConditions } from "../core/job-filter.ts";
import { type SearchOptions, sumOfStates } from "../core/job-search.ts";
import { jobStates } from "../core/job.ts";
import { type BulkRequest, type Operation, readBulkRequest } from "../core/operation.ts";
import type {
  OperationCount,
  OperationPreview,
  OperationsClient,
} from "../core/operations-client.ts";
import type { OperationRunner } from "../service/operation-work.ts";
import type { Storage } from "../storage/contract/storage.ts";
import type { Gate } from "./gate.ts";
import { pageOf, pageRules, pageSize } from "./page-options.ts";
import { searchRules } from "./search-options.ts";

/** What operations are made with. */
export interface OperationsParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly gate: Gate;
  readonly runner: OperationRunner;
}

const sampled = 10;

/** Jobs looked at before an operation is stored; it counts the others by itself. */
const countedAtOnce = 10_000;

/** `client.operations`. */
export function createOperations(parts: OperationsParts): OperationsClient {
  const { storage, clock, gate } = parts;
  return {
    preview: (request, options = {}) =>
      gate.pass("client.operations.preview", async () => {
        const call = "client.operations.preview";
        checkOptions(call, options, searchRules);
        const { action, conditions } = readBulkRequest(call, request, clock.now());
        return { action, ...(await look(storage, conditions, options)) };
      }),
    count: (request, options = {}) =>
      gate.pass("client.operations.count", () => countPart(parts, request, options)),
    start: (request) => gate.pass("client.operations.start", () => start(parts, request)),
    get: (id) =>
      gate.pass("client.operations.get", async () =>
        isId(id) ? storage.getOperation(id) : undefined,
      ),
    list: (options = {}) =>
      gate.pass("client.operations.list", async () => {
        checkOptions("client.operations.list", options, pageRules);
        const { limit = pageSize, after } = options;
        const { items, next } = pageOf(await storage.listOperations(limit + 1, after), limit);
        return { operations: items, next };
      }),
    cancel: (id, options = {}) =>
      gate.pass("client.operations.cancel", async () => {
        checkOptions("client.operations.cancel", options, { by: rule.note });
        const { by = null } = options;
        const answer = isId(id) ? await storage.cancelOperation(id, by, clock.now()) : "missing";
        if (answer === "missing") throw notFound(id);
        return answer;
      }),
    wait: (id, options) => wait(parts, id, options),
  };
}

async function start(
  { storage, clock, runner }: OperationsParts,
  request: BulkRequest,
): Promise<Operation> {
  const asked = readBulkRequest("client.operations.start", request, clock.now());
  const { byState, reached } = await storage.countStretch(asked.conditions, "0", countedAtOnce);
  const counted = { matched: sumOfStates(byState), counted: reached };
  const operation = await storage.startOperation({ ...asked, ...counted });
  runner.poke();
  return operation;
}

async function countPart(
  { storage, clock }: OperationsParts,
  request: BulkRequest,
  options: SearchOptions & { readonly after?: string },
): Promise<OperationCount> {
  const call = "client.operations.count";
  checkOptions(call, options, { ...searchRules, after: pageRules.after });
  const { action, conditions } = readBulkRequest(call, request, clock.now());
  const { searchAtMost = countedAtOnce, after = "0" } = options;
  const { byState, reached } = await storage.countStretch(conditions, after, searchAtMost);
  return { action, matched: sumOfStates(byState), byState, next: reached };
}

async function look(
  storage: Storage,
  conditions: JobConditions,
  { searchAtMost }: SearchOptions,
): Promise<Omit<OperationPreview, "action">> {
  if (searchAtMost === undefined) {
    const { byState, sample } = await storage.previewJobs(conditions, sampled);
    return { matched: sumOfStates(byState), atLeast: false, byState, sample };
  }
  const [counts, { jobs }] = await Promise.all([
    storage.countUpTo(conditions, searchAtMost),
    storage.searchJobs(conditions, { limit: sampled, searchAtMost }),
  ]);
  const byState = Object.fromEntries(
    jobStates.map((state) => [state, counts[state].jobs]),
  ) as unknown as OperationPreview["byState"];
  const atLeast = jobStates.some((state) => counts[state].atLeast);
  return { matched: sumOfStates(byState), atLeast, byState, sample: jobs };
}

const firstLookMs = 20;
const lastLookMs = 500;

async function wait(
  { storage, gate, runner }: OperationsParts,
  id: string,
  options: { readonly timeout: unknown },
): Promise<Operation> {
  const call = "client.operations.wait";
  gate.check(call);
  checkOptions(call, options, { timeout: rule.any });
  const timeoutMs = parseDuration(options.timeout, `${call}: timeout`);
  const until = performance.now() + timeoutMs;
  for (let pauseMs = firstLookMs; ; pauseMs = Math.min(pauseMs * 2, lastLookMs)) {
    const operation = isId(id) ? await gate.pass(call, () => storage.getOperation(id)) : undefined;
    if (operation === undefined) throw notFound(id);
    if (operation.state !== "running") return operation;
    const leftMs = until - performance.now();
    if (leftMs <= 0) throw waitTimeout(id, timeoutMs);
    runner.poke();
    await sleep(Math.min(pauseMs, leftMs));
  }
}

function isId(id: unknown): id is string {
  return typeof id === "string" && /^[1-9]\d{0,17}$/.test(id);
}

function notFound(id: unknown): HoldfastError {
  return new HoldfastError(
    "OPERATION_NOT_FOUND",
    `There is no operation ${String(id)}: it never was, or it finished long ago. client.operations.list() shows what there is.`,
    { details: { id } },
  );
}

function waitTimeout(id: string, timeoutMs: number): HoldfastError {
  return new HoldfastError(
    "WAIT_TIMEOUT",
    `Operation ${id} has not finished within ${formatDuration(timeoutMs)}. It goes on; wait again, or ask client.operations.get.`,
    { details: { id, timeoutMs } },
  );
}
