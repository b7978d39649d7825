import type { Heart } from "../contract/presence.ts";
import { openReader } from "./connection.ts";
import { createBeats } from "./engine/beats.ts";
import { idOf } from "./rows.ts";

/** What a heartbeat thread needs to know; it can be copied between threads. */
export interface HeartData {
  readonly file: string;
}

/** Opens a heart with a reader of its own: what a heartbeat thread imports this module for. */
export async function connect(data: HeartData): Promise<Heart> {
  const reader = await openReader(data.file);
  const beats = createBeats(data.file);
  return {
    async beat(workerId, report) {
      const id = idOf(workerId);
      if (id === null) return false;
      // First of all, so that a database slow to answer delays no beat.
      beats.raise(id);
      const alive = await reader.read((session) => session.get(aliveWorker, id) !== undefined);
      if (!alive) beats.remove(id);
      else if (report !== undefined) beats.say(id, JSON.stringify(report));
      return alive;
    },
    async close() {
      reader.close();
    },
  };
}

const aliveWorker = "SELECT 1 FROM holdfast_worker WHERE id = ? AND dead = 0";
