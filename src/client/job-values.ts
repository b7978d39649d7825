import { checkOptions, isWhole, type OptionRule, oneOf, rule } from "../core/check-options.ts";
import { type JobConditions, readFilter } from "../core/job-filter.ts";
import { pathOf } from "../core/payload-filter.ts";
import {
  byFrequency,
  chooseValues,
  compareTexts,
  type FilterValue,
  type JobValuesOptions,
  pathsIn,
  valuesAt,
} from "../core/job-values.ts";
import type { Storage } from "../storage/contract/storage.ts";

const rules: Readonly<Record<keyof JobValuesOptions, OptionRule>> = {
  field: oneOf("name", "queue", "tag", "payload"),
  path: rule.text,
  prefix: { is: "text", test: (value) => typeof value === "string" },
  limit: { is: "a whole number from 1 to 1000", test: (value) => isWhole(value, 1, 1_000) },
  filter: rule.object,
};

/** So many jobs show what there is, and reading them takes milliseconds. */
const sampled = 500;
const searchAtMost = 20_000;
const valuesUpTo = 8_192;

/** Names what a filter could ask for. */
export async function jobValues(
  storage: Storage,
  call: string,
  options: JobValuesOptions,
  now: number,
): Promise<readonly FilterValue[]> {
  checkOptions(call, options, rules);
  const { field, path } = options;
  const steps = path === undefined ? undefined : pathOf(call, path);
  const conditions = readFilter(call, options.filter ?? {}, now);
  if (field === "name") return chooseValues(await knownNames(storage), options);
  if (field === "queue") return chooseValues(await knownQueues(storage, now), options);
  const jobs = await sample(storage, conditions);
  if (field === "tag") {
    const tags = byFrequency(jobs.flatMap((job) => job.tags));
    return chooseValues(tags, options);
  }
  return chooseValues(steps === undefined ? pathsIn(jobs) : valuesAt(jobs, steps), options);
}

async function sample(storage: Storage, conditions: JobConditions) {
  const bounds = { limit: sampled, searchAtMost, valuesUpTo };
  return (await storage.searchJobs(conditions, bounds)).jobs;
}

/** Names of which something was counted, and those that workers have a handler for. */
async function knownNames(storage: Storage): Promise<readonly string[]> {
  const [totals, workers] = await Promise.all([storage.readTotals(), storage.listWorkers()]);
  return sorted([
    ...totals.map(({ name }) => name),
    ...workers.flatMap(({ handlers }) => handlers),
  ]);
}

async function knownQueues(storage: Storage, now: number): Promise<readonly string[]> {
  const [totals, gauges] = await Promise.all([storage.readTotals(), storage.readGauges(now)]);
  return sorted([...totals.map(({ queue }) => queue), ...gauges.map(({ name }) => name)]);
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted(compareTexts);
}
