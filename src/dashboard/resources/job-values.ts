import { HoldfastError } from "../../core/errors.ts";
import type { FilterValue } from "../../core/job-values.ts";
import { writeKey, writeScalar, writeText } from "../filter/write-value.ts";
import type { Call, Route } from "../route.ts";
import type { JobValue, JobValuesAnswer } from "../wire/jobs.ts";
import { shownRows } from "./job-texts.ts";
import { mostRows, textsOf } from "./query-params.ts";
import { keysOf } from "./read-filter.ts";

const usual = 20;
/** Paths looked at for the keys that come next: many of them share one. */
const mostPaths = 500;

/** What the search field offers. */
export const jobValueRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/jobs/values",
    permission: "read",
    summary: "Values a filter could ask for, the most frequent of late first.",
    query: {
      field: {
        type: "string",
        enum: ["name", "queue", "tag", "payload"],
        description: "Of what.",
      },
      path: {
        type: "string",
        maxLength: 255,
        description:
          "payload: keys with dots between. Answered are the keys that follow, and the values there.",
      },
      prefix: {
        type: "string",
        maxLength: 255,
        description: "Only those that begin with this, whatever the case of letters.",
      },
    },
    answer: "JobValues",
    async handle(call): Promise<JobValuesAnswer> {
      const { field = "name", path, prefix = "" } = textsOf(call.query, "field", "path", "prefix");
      if (field === "payload") return { values: await payloadValues(call, path, prefix) };
      const isHidden = field === "tag" && call.redactor.active;
      const values = isHidden
        ? await shownTags(call, prefix)
        : await call.client.jobs.values({
            field: field as "name" | "queue" | "tag",
            prefix,
            limit: usual,
          });
      return { values: values.map((value) => ({ text: writeText(String(value)), kind: "value" })) };
    },
  },
];

async function payloadValues(
  call: Call,
  path: string | undefined,
  prefix: string,
): Promise<readonly JobValue[]> {
  const keys = path === undefined ? [] : keysOf(path);
  if (keys.length > 0 && call.redactor.hides(keys)) {
    throw new HoldfastError("FORBIDDEN", "What is there is hidden from you, so it is not offered.");
  }
  const [values, paths] = await Promise.all([
    path === undefined
      ? []
      : call.client.jobs.values({ field: "payload", path, prefix, limit: usual }),
    nextKeys(call, keys, prefix),
  ]);
  return [
    ...paths,
    ...values.map((value): JobValue => ({ text: writeScalar(value), kind: "value" })),
  ];
}

/** The keys that follow some others: with a dot where more come after them, with a colon where values are. */
async function nextKeys(
  { client, redactor }: Call,
  keys: readonly string[],
  prefix: string,
): Promise<readonly JobValue[]> {
  const begin = [...keys, prefix].map((key) => key.replaceAll(".", "\\.")).join(".");
  const found = await client.jobs.values({ field: "payload", prefix: begin, limit: mostPaths });
  const texts = new Set<string>();
  for (const each of found) {
    const path = keysOf(String(each));
    const shown = path.slice(0, keys.length + 1);
    const next = shown.at(-1);
    const isBelow = keys.every((key, index) => key === path[index]);
    if (next === undefined || shown.length === keys.length || !isBelow || redactor.hides(shown))
      continue;
    texts.add(`${writeKey(next)}${path.length > shown.length ? "." : ":"}`);
    if (texts.size === usual) break;
  }
  return [...texts].map((text) => ({ text, kind: "path" }));
}

/** Tags as their reader may see them, of the newest jobs. */
async function shownTags(call: Call, prefix: string): Promise<readonly FilterValue[]> {
  const { jobs } = await call.client.jobs.list({ limit: mostRows, valuesUpTo: 0 });
  const rows = await shownRows(call, jobs);
  const tags = rows.flatMap(({ job, shown }) => job.tags.filter((tag) => shown.text(tag) === tag));
  const begin = prefix.toLowerCase();
  const found = [...new Set(tags)].filter((tag) => tag.toLowerCase().startsWith(begin));
  return found.slice(0, usual);
}
