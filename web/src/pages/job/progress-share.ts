/** What a handler may call the parts of its progress. */
const doneKeys = ["done", "current", "completed", "processed"];
const totalKeys = ["total", "of", "count"];

/**
 * How much is done, from 0 to 1, where progress says so: a number up to 1 is a share, one up to 100 a percentage, and an object
 * may have `percent`, or what is done and the total. Undefined where it says something else.
 */
export function progressShare(text: string): number | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value === "number") return shareOf(value);
  if (typeof value !== "object" || value === null) return undefined;
  const numbers = Object.entries(value).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number",
  );
  const find = (keys: readonly string[]) => numbers.find(([key]) => keys.includes(key))?.[1];
  const percent = find(["percent", "percentage"]);
  if (percent !== undefined) return bounded(percent / 100);
  const [done, total] = [find(doneKeys), find(totalKeys)];
  return done === undefined || total === undefined || total <= 0
    ? undefined
    : bounded(done / total);
}

function shareOf(value: number): number | undefined {
  if (value < 0 || value > 100) return undefined;
  return value <= 1 ? value : value / 100;
}

const bounded = (share: number): number | undefined =>
  share >= 0 && share <= 1 ? share : undefined;
