import { type FSWatcher, statSync, utimesSync, watch, writeFileSync } from "node:fs";

/** A file beside the database whose time of change tells other processes that something was committed. */
export interface WakeMarker {
  /** Changes it. Never throws: a lost hint costs latency only. */
  touch(): void;
  /** Calls back after every change by any process; the returned function stops it. */
  watch(onChange: () => void): () => void;
}

const pollMs = 100;

/** The marker of one database file. */
export function createWakeMarker(file: string): WakeMarker {
  const path = `${file}-wake`;
  return {
    touch: () => touch(path),
    watch(onChange) {
      touch(path);
      let seen = changedAt(path);
      function check(): void {
        const now = changedAt(path);
        if (now === seen) return;
        seen = now;
        onChange();
      }
      const watcher = tryWatch(path, check);
      // Not every file system and container reports changes, and a marker made anew is no longer watched.
      const poll = setInterval(check, pollMs).unref();
      return () => {
        watcher?.close();
        clearInterval(poll);
      };
    },
  };
}

/** The time is given in fractions finer than a file system's own clock ticks, so that two changes are two times. */
function touch(path: string): void {
  const seconds = (performance.timeOrigin + performance.now()) / 1_000;
  try {
    utimesSync(path, seconds, seconds);
  } catch {
    create(path);
  }
}

function create(path: string): void {
  try {
    writeFileSync(path, "");
  } catch {
    // Without a marker other processes find the work when they poll the database.
  }
}

function changedAt(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.mtimeNs;
}

function tryWatch(path: string, onChange: () => void): FSWatcher | undefined {
  try {
    return watch(path, { persistent: false }, onChange).on("error", () => {});
  } catch {
    return undefined;
  }
}
