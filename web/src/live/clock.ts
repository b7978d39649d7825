import { useSyncExternalStore } from "react";
import { ServerClock } from "./server-clock.ts";

/** This page's own. */
export const clock = new ServerClock();

/** The database's time, followed second by second. */
export function useNow(): number {
  useSyncExternalStore(clock.follow, clock.second);
  return clock.now();
}
