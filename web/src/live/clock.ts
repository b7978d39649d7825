import { useSyncExternalStore } from "react";
import { ValueStore } from "./value-store.ts";

/** How far the database's clock is ahead of this machine's, in milliseconds. */
let aheadMs = 0;

/** Told the database's time whenever an answer has it. */
export function setServerTime(now: number): void {
  aheadMs = now - Date.now();
}

const serverNow = () => Date.now() + aheadMs;
const second = new ValueStore(0);
let ticking: ReturnType<typeof setInterval> | undefined;
let followers = 0;

function follow(listener: () => void): () => void {
  const stop = second.subscribe(listener);
  followers++;
  ticking ??= setInterval(() => second.set(Math.floor(serverNow() / 1_000)), 1_000);
  return () => {
    stop();
    followers--;
    if (followers > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/** The database's time, followed second by second: one timer for the whole page. */
export function useNow(): number {
  useSyncExternalStore(follow, second.get);
  return serverNow();
}
