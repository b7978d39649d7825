import type { BeatAnswer, Heart } from "../contract/presence.ts";
import { openReader } from "./connection.ts";
import { createBeats } from "./engine/beats.ts";
import type { SqliteLibrary } from "./engine/load-sqlite.ts";
import { idOf } from "./rows.ts";

/** What a heartbeat thread needs to know; it can be copied between threads. */
export interface HeartData {
  readonly file: string;
  readonly library?: SqliteLibrary | undefined;
}

/** Opens a heart with a reader of its own: what a heartbeat thread imports this module for. */
export async function connect(data: HeartData): Promise<Heart> {
  const reader = await openReader(data.file, data.library);
  const beats = createBeats(data.file);
  return {
    async beat(workerId, report) {
      const id = idOf(workerId);
      if (id === null) return "gone";
      // First of all, so that a database slow to answer delays no beat.
      beats.raise(id);
      const row = await reader.read((session) => session.get<AliveRow>(aliveWorker, id));
      if (row === undefined) beats.remove(id);
      else if (report !== undefined) beats.say(id, JSON.stringify(report));
      return beatAnswer(row);
    },
    async close() {
      reader.close();
    },
  };
}

interface AliveRow {
  readonly draining: number;
}

/** What the row of the worker, if it has one, says. */
export function beatAnswer(row: AliveRow | undefined): BeatAnswer {
  return row === undefined ? "gone" : row.draining === 1 ? "draining" : "alive";
}

const aliveWorker = "SELECT draining FROM holdfast_worker WHERE id = ? AND dead = 0";
