import { type Duration, formatDuration } from "../../core/duration.ts";
import { laneGate } from "../../core/gate.ts";
import type { JobFilter, Moment } from "../../core/job-filter.ts";
import { type Scalar, writeKey, writeScalar, writeText } from "./write-value.ts";

/**
 * Writes a filter in the one form that means it: `parseFilter` of it is the same filter, with a list for its states and
 * milliseconds for its times.
 */
export function printFilter(filter: JobFilter): string {
  const { state, queue, name, tag, payload = {}, error, rescued, ids } = filter;
  const states = typeof state === "string" ? [state] : state;
  return [
    ...(ids === undefined ? [] : [`id:${ids.join(",")}`]),
    ...(states === undefined ? [] : [`state:${states.join(",")}`]),
    ...written("queue", queue),
    ...written("name", name),
    ...written("tag", tag),
    ...Object.entries(payload).map(([path, value]) => printPayload(path, value)),
    ...(error === undefined ? [] : [`error:~${writeText(error)}`]),
    ...printLonger("wait", filter.waitingLongerThan),
    ...printLonger("running", filter.runningLongerThan),
    ...printLonger("duration", filter.tookLongerThan),
    ...(rescued === undefined ? [] : [`rescued:${rescued}`]),
    ...written("worker", filter.worker),
    ...(filter.waitingFor === undefined ? [] : printGate(filter.waitingFor)),
    ...written("unique", filter.uniqueKey),
    ...printSpan("created", filter.createdAfter, filter.createdBefore),
    ...printSpan("finished", filter.finishedAfter, filter.finishedBefore),
  ].join(" ");
}

function written(field: string, texts: string | readonly string[] | undefined): readonly string[] {
  return texts === undefined ? [] : [`${field}:${[texts].flat().map(writeText).join(",")}`];
}

function printPayload(path: string, values: Scalar | readonly Scalar[]): string {
  const keys = path.split(/(?<!\\)\./).map((key) => writeKey(key.replaceAll("\\.", ".")));
  return `payload.${keys.join(".")}:${[values].flat().map(writeScalar).join(",")}`;
}

function printLonger(field: string, than: Duration | undefined): readonly string[] {
  if (than === undefined) return [];
  return [`${field}:>${typeof than === "number" ? formatDuration(than) : than}`];
}

function printGate(gate: string): readonly string[] {
  const lane = laneGate("");
  const isLane = gate.startsWith(lane) && gate !== lane;
  return isLane ? written("lane", gate.slice(lane.length)) : written("gate", gate);
}

function printSpan(
  field: string,
  after: Moment | undefined,
  before: Moment | undefined,
): readonly string[] {
  return [
    ...(after === undefined ? [] : [`${field}:>${printMoment(after)}`]),
    ...(before === undefined ? [] : [`${field}:<${printMoment(before)}`]),
  ];
}

const lastYearMs = Date.UTC(9999, 11, 31);

function printMoment(moment: Moment): string {
  const at = Math.round(Number(moment));
  return at < lastYearMs ? new Date(at).toISOString() : String(at);
}
