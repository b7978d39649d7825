import type { QueueRow, UpdateQueueBody } from "../../../../src/dashboard/wire/queues.ts";
import { durationText, readDuration } from "../settings/duration-text.ts";

/** What each field takes. */
export const fieldKinds = {
  concurrency: "count",
  maxRunning: "count",
  backoffMin: "duration",
  backoffMax: "duration",
  backoffFactor: "factor",
  backoffJitter: "share",
  keepCompleted: "duration",
  keepDead: "duration",
} as const;

export type FieldName = keyof typeof fieldKinds;
export type FieldKind = (typeof fieldKinds)[FieldName];

/** A queue's settings as they stand in the fields: empty where nothing is set. */
export type Settings = Readonly<Record<FieldName, string>>;

export type StoredSettings = Pick<QueueRow, "concurrency" | "maxRunning" | "backoff" | "retention">;

/** What is set for a queue, as text. */
export function settingsOf({
  concurrency,
  maxRunning,
  backoff,
  retention,
}: StoredSettings): Settings {
  return {
    concurrency: text(concurrency),
    maxRunning: text(maxRunning),
    backoffMin: text(backoff?.minMs, durationText),
    backoffMax: text(backoff?.maxMs, durationText),
    backoffFactor: text(backoff?.factor),
    backoffJitter: text(backoff?.jitter),
    keepCompleted: text(retention.completed, durationText),
    keepDead: text(retention.dead, durationText),
  };
}

const text = (value: number | null | undefined, write: (value: number) => string = String) =>
  value === null || value === undefined ? "" : write(value);

const readers: Readonly<Record<FieldKind, (text: string) => number | undefined>> = {
  count: (given) => (/^\d{1,7}$/.test(given) ? within(Number(given), 1, 1_000_000) : undefined),
  duration: readDuration,
  factor: (given) => within(Number(given), 1, 1_000_000),
  share: (given) => within(Number(given), 0, 1),
};

const within = (value: number, least: number, most: number): number | undefined =>
  value >= least && value <= most ? value : undefined;

/** The value in a field: `null` when it is empty, undefined when it is none. */
export function readField(field: FieldName, settings: Settings): number | null | undefined {
  const given = settings[field].trim();
  return given === "" ? null : readers[fieldKinds[field]](given);
}

/** What to send to get from some settings to others; undefined when they are the same or cannot be read. */
export function changeBetween(from: Settings, to: Settings): UpdateQueueBody | undefined {
  const names = Object.keys(fieldKinds) as readonly FieldName[];
  if (names.some((name) => readField(name, to) === undefined)) return undefined;
  const differs = (...among: readonly FieldName[]) =>
    among.some((name) => readField(name, from) !== readField(name, to));
  const kept = (name: FieldName) => to[name].trim() || null;
  const body = {
    ...(differs("concurrency") ? { concurrency: readField("concurrency", to) ?? null } : {}),
    ...(differs("maxRunning") ? { maxRunning: readField("maxRunning", to) ?? null } : {}),
    ...(differs("backoffMin", "backoffMax", "backoffFactor", "backoffJitter")
      ? { backoff: backoffOf(to) }
      : {}),
    ...(differs("keepCompleted", "keepDead")
      ? { retention: { completed: kept("keepCompleted"), dead: kept("keepDead") } }
      : {}),
  };
  return Object.keys(body).length === 0 ? undefined : body;
}

function backoffOf(to: Settings): Readonly<Record<string, unknown>> | null {
  const given = {
    min: to.backoffMin.trim() || undefined,
    max: to.backoffMax.trim() || undefined,
    factor: readField("backoffFactor", to) ?? undefined,
    jitter: readField("backoffJitter", to) ?? undefined,
  };
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  return known.length === 0 ? null : Object.fromEntries(known);
}
