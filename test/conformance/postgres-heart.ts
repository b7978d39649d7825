import { expect } from "vitest";
import { hire, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";

/** What heartbeats tell where a hint may be lost. */
export const postgresHeartLaws: Chapter = (law) => {
  law(
    "a heartbeat tells once that settings of a queue have changed since the last",
    async (place) => {
      const { storage } = place;
      const id = await hire(storage);
      await storage.pauseQueue("q", true, t0, "ada");
      const heart = await storage.openHeart();
      expect(await heart.beat(id), "what was there before is read at the start").toBe("alive");
      await storage.updateQueue("q", { maxRunning: 2 }, { now: t0 + 1, by: null });
      expect([await heart.beat(id), await heart.beat(id)]).toEqual(["ordered", "alive"]);
      await storage.updateQueue("other", { concurrency: 2 }, { now: t0 + 1, by: null });
      expect([await heart.beat(id), await heart.beat(id)]).toEqual(["ordered", "alive"]);
      await heart.close();
    },
  );
};
