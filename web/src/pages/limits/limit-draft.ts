import type { Limit } from "../../../../src/core/limits-client.ts";
import type { UpdateLimitBody } from "../../../../src/dashboard/wire/queues.ts";
import { readDuration } from "../settings/duration-text.ts";

/** A limit as it stands in the fields: empty where there is none. */
export interface LimitDraft {
  readonly concurrent: string;
  readonly rate: string;
}

export const draftOf = ({ concurrent, rate }: Pick<Limit, "concurrent" | "rate">): LimitDraft => ({
  concurrent: concurrent === null ? "" : String(concurrent),
  rate: rate ?? "",
});

const mostConcurrent = 2_147_483_647;
const mostRate = 1_000_000;

/** The fields whose text is nothing they take. */
export function wrongFields({ concurrent, rate }: LimitDraft): ReadonlySet<keyof LimitDraft> {
  const wrong = new Set<keyof LimitDraft>();
  if (concurrent.trim() !== "" && !isWhole(concurrent.trim(), mostConcurrent))
    wrong.add("concurrent");
  const [count = "", per = ""] = rate.trim().split("/", 2);
  const isRate = isWhole(count, mostRate) && (readDuration(per) ?? 0) >= 1;
  if (rate.trim() !== "" && !isRate) wrong.add("rate");
  return wrong;
}

const isWhole = (text: string, most: number): boolean =>
  /^[1-9]\d{0,9}$/.test(text) && Number(text) <= most;

/** What to send to get from what is stored to what is in the form; undefined when that is nothing, or cannot be. */
export function limitChange(from: LimitDraft, to: LimitDraft): UpdateLimitBody | undefined {
  if (wrongFields(to).size > 0) return undefined;
  const [concurrent, rate] = [to.concurrent.trim(), to.rate.trim()];
  const body = {
    ...(concurrent === from.concurrent
      ? {}
      : { concurrent: concurrent === "" ? null : Number(concurrent) }),
    ...(rate === from.rate ? {} : { rate: rate === "" ? null : rate }),
  };
  return Object.keys(body).length === 0 ? undefined : body;
}
