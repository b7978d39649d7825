import { useNow } from "../../live/clock.ts";

/** The database's time as of the last full minute. */
export function useMinute(): number {
  return Math.floor(useNow() / 60_000) * 60_000;
}
