import { expect } from "vitest";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { eventually } from "./eventually.ts";
import { enqueueOne } from "./jobs.ts";
import { type Chapter, proveAt } from "./law.ts";

/** The hints a listener got. */
interface Heard {
  readonly work: (readonly string[])[];
  readonly cancelled: (readonly string[])[];
  stop(): Promise<void>;
}

async function listenTo(storage: Storage, queues = ["a", "b", "c"]): Promise<Heard> {
  const work: (readonly string[])[] = [];
  const cancelled: (readonly string[])[] = [];
  const listening = await storage.listen({
    onWork: (named) => void work.push(named),
    onCancel: (ids) => void cancelled.push(ids),
  });
  // A connection that has just begun to listen is tried out first; a driver without one answers false for ever.
  if (storage.kind === "postgres") {
    await eventually("hints can be relied on", () => listening.waitFor(queues));
  }
  return { work, cancelled, stop: () => listening.stop() };
}

/** Waits until some of these hints is about each of these names: it names it, or names none, which means any. */
async function hear(hints: readonly (readonly string[])[], names: readonly string[], from = 0) {
  const covered = (name: string) =>
    hints.slice(from).some((hint) => hint.length === 0 || hint.includes(name));
  await eventually(`a hint of ${names.join(", ").slice(0, 80)} comes`, () => names.every(covered));
}

export const wakeupLaws: Chapter = (law, harness) => {
  law("a hint of work reaches another process, with its queues", async ({ storage, connect }) => {
    const heard = await listenTo(await connect());
    await storage.wake(["a", "b"]);
    await hear(heard.work, ["a", "b"]);
    await heard.stop();
  });

  law(
    "a hint of a cancel request reaches another process, with the job",
    async ({ storage, connect }) => {
      const heard = await listenTo(await connect());
      const ids = [await enqueueOne(storage), "9007199254740993"];
      await storage.wakeCancelled(ids);
      await hear(heard.cancelled, ids);
      await heard.stop();
    },
  );

  law("a hint reaches the process that gave it", async ({ storage }) => {
    const heard = await listenTo(storage);
    await storage.wake(["a"]);
    await hear(heard.work, ["a"]);
    await storage.wakeCancelled(["1"]);
    await hear(heard.cancelled, ["1"]);
    await heard.stop();
  });

  law(
    "word of orders reaches whoever listens in this process, and in every other, waiting or not",
    async ({ storage, connect }) => {
      const other = await connect();
      const heard = { here: 0, there: 0 };
      const deaf = { onWork: () => {}, onCancel: () => {} };
      const ears = [
        await storage.listen({ ...deaf, onOrders: () => void (heard.here += 1) }),
        await other.listen({ ...deaf, onOrders: () => void (heard.there += 1) }),
      ];
      await storage.wakeOrders();
      await eventually("it is heard here", () => heard.here > 0);
      await eventually("it is heard there", () => heard.there > 0);
      const before = heard.there;
      await storage.wakeOrders();
      await eventually("so is one that follows at once", () => heard.there > before);
      for (const ear of ears) await ear.stop();
    },
  );

  law("every listener hears every hint, one after another", async ({ storage, connect }) => {
    const other = await connect();
    const all = [await listenTo(other), await listenTo(other), await listenTo(storage)];
    for (const queue of ["a", "b", "c"]) {
      const before = all.map(({ work }) => work.length);
      await storage.wake([queue]);
      await Promise.all(all.map(({ work }, index) => hear(work, [queue], before[index])));
    }
    await Promise.all(all.map(({ stop }) => stop()));
  });

  law("after stopping a listener hears nothing more, others do", async ({ storage, connect }) => {
    const other = await connect();
    const [stopped, kept] = [await listenTo(other), await listenTo(other)];
    await stopped.stop();
    await stopped.stop();
    await storage.wake(["a"]);
    await hear(kept.work, ["a"]);
    expect(stopped.work).toEqual([]);
    await kept.stop();
  });

  law("a listener that throws harms neither the others nor the caller", async ({ storage }) => {
    const listening = await storage.listen({
      onWork: () => {
        throw new Error("no");
      },
      onCancel: () => {},
    });
    const heard = await listenTo(storage);
    await storage.wake(["a"]);
    await hear(heard.work, ["a"]);
    await heard.stop();
    await listening.stop();
  });

  law(
    "whoever waits for other queues, or for none, may be left alone; cancel requests reach all",
    async ({ storage, connect }) => {
      const heard = await listenTo(await connect(), ["a"]);
      await storage.wake(["b"]);
      await storage.wakeCancelled(["7"]);
      await hear(heard.cancelled, ["7"]);
      if (storage.kind === "postgres") expect(heard.work).toEqual([]);
      await heard.stop();
    },
  );

  law("hostile queue names do no harm", async ({ storage, connect }) => {
    const names = [`it's "q"`, "a,b;c\n{}", "😀 ümlaut", "x".repeat(255)];
    const heard = await listenTo(await connect(), names);
    await storage.wake(names);
    await hear(heard.work, names);
    await heard.stop();
  });

  law("a hint of very many queues does no harm", async ({ storage, connect }) => {
    const names = Array.from({ length: 300 }, (_, index) => `${"q".repeat(200)}${index}`);
    const heard = await listenTo(await connect(), [...names, "last"]);
    await storage.wake(names);
    await hear(heard.work, names);
    const before = heard.work.length;
    await storage.wake(["last"]);
    await hear(heard.work, ["last"], before);
    await heard.stop();
  });

  law("hints stay in their own database", async ({ storage }) => {
    await proveAt(harness.fresh, async (elsewhere) => {
      const here = await listenTo(storage, ["here", "there"]);
      const there = await listenTo(elsewhere.storage, ["here", "there"]);
      await storage.wake(["here"]);
      await hear(here.work, ["here"]);
      await storage.wakeCancelled(["1"]);
      await hear(here.cancelled, ["1"]);
      expect([there.work, there.cancelled]).toEqual([[], []]);
      await elsewhere.storage.wake(["there"]);
      await hear(there.work, ["there"]);
      expect(there.work.flat()).not.toContain("here");
      await there.stop();
      await here.stop();
    });
  });

  law("a wakeup sent to itself arrives", async ({ storage }) => {
    expect(await storage.pingWakeups(5_000)).toEqual({ heard: true });
  });

  law("a hint after close throws nothing", async ({ storage }) => {
    await storage.close();
    await expect(storage.wake(["a"])).resolves.toBeUndefined();
    await expect(storage.wakeCancelled(["1"])).resolves.toBeUndefined();
    await expect(storage.wakeOrders()).resolves.toBeUndefined();
  });

  law(
    "a storage with listeners closes, and stopping them afterwards is no error",
    async ({ storage }) => {
      const heard = await listenTo(storage);
      await storage.close();
      await expect(heard.stop()).resolves.toBeUndefined();
    },
  );
};
