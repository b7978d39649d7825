import { expect } from "vitest";
import type { Transaction } from "../../src/core/transaction.ts";
import { stateOf } from "./bring.ts";
import type { Place } from "./harness.ts";
import { aJob } from "./jobs.ts";
import type { Chapter } from "./law.ts";

/** A table of the application's own, and ways to write and read it. */
async function makeNotes({ script, table, storage }: Place) {
  const notes = table("parts");
  await script(`CREATE TABLE ${notes} (id integer PRIMARY KEY, text text);`);
  return {
    write: (tx: Transaction, id: number, text = "x") =>
      tx.query(`INSERT INTO ${notes} (id, text) VALUES ($1, $2)`, [id, text]),
    touch: (tx: Transaction, id: number) =>
      tx.query(`UPDATE ${notes} SET text = $1 WHERE id = $2`, ["touched", id]),
    async ids(): Promise<number[]> {
      const { rows } = await storage.transact((tx) =>
        tx.query<{ id: number }>(`SELECT id FROM ${notes} ORDER BY id`),
      );
      return rows.map(({ id }) => id);
    },
  };
}

export const savepointLaws: Chapter = (law) => {
  law("a part of a transaction that resolves is kept, with its value", async (place) => {
    const notes = await makeNotes(place);
    const { storage } = place;
    const answer = await storage.transact((tx) =>
      storage.savepoint(tx, async () => {
        await notes.write(tx, 1);
        return "done";
      }),
    );
    expect(answer).toEqual({ kept: true, value: "done" });
    expect(await notes.ids()).toEqual([1]);
  });

  law("a part that throws is undone alone, and the transaction goes on", async (place) => {
    const notes = await makeNotes(place);
    const { storage } = place;
    const reason = new Error("not this one");
    const answer = await storage.transact(async (tx) => {
      await notes.write(tx, 1);
      const undone = await storage.savepoint(tx, async () => {
        await notes.write(tx, 2);
        throw reason;
      });
      await notes.write(tx, 3);
      return undone;
    });
    expect(answer).toEqual({ kept: false, thrown: reason, conflict: false });
    expect(await notes.ids()).toEqual([1, 3]);
  });

  law("a statement that fails undoes its part alone", async (place) => {
    const notes = await makeNotes(place);
    const { storage } = place;
    const answers = await storage.transact(async (tx) => [
      await storage.savepoint(tx, () => notes.write(tx, 1)),
      await storage.savepoint(tx, () => notes.write(tx, 1)),
      await storage.savepoint(tx, () => notes.write(tx, 2)),
    ]);
    expect(answers.map(({ kept }) => kept)).toEqual([true, false, true]);
    expect(await notes.ids()).toEqual([1, 2]);
  });

  law("parts may be nested, each undone by itself", async (place) => {
    const notes = await makeNotes(place);
    const { storage } = place;
    await storage.transact((tx) =>
      storage.savepoint(tx, async () => {
        await notes.write(tx, 1);
        await storage.savepoint(tx, async () => {
          await notes.write(tx, 2);
          throw new Error("the inner one");
        });
        await notes.write(tx, 3);
      }),
    );
    expect(await notes.ids()).toEqual([1, 3]);
  });

  law("a job enqueued in a part that was undone never was", async (place) => {
    const { storage } = place;
    const ids = await storage.transact(async (tx) => {
      const kept = await storage.savepoint(tx, () => storage.insertJobs([aJob()], tx));
      let undone = "";
      await storage.savepoint(tx, async () => {
        undone = (await storage.insertJobs([aJob()], tx))[0]?.id ?? "";
        throw new Error("no");
      });
      return { kept: kept.kept ? (kept.value[0]?.id ?? "") : "", undone };
    });
    expect(await stateOf(storage, ids.kept)).toBe("available");
    expect(await storage.getJob(ids.undone)).toBeUndefined();
  });

  law("a failed statement that is swallowed undoes its part all the same", async (place) => {
    const notes = await makeNotes(place);
    const { storage } = place;
    const answer = await storage.transact((tx) =>
      storage.savepoint(tx, async () => {
        await notes.write(tx, 1);
        await notes.write(tx, 1).catch(() => {});
      }),
    );
    expect(answer.kept).toBe(false);
    expect(await notes.ids()).toEqual([]);
  });

  law("there is no part of a transaction that is over", async ({ storage }) => {
    let kept: Transaction | undefined;
    await storage.transact(async (tx) => {
      kept = tx;
    });
    let ran = false;
    const part = storage.savepoint(kept as Transaction, async () => {
      ran = true;
    });
    await expect(part).rejects.toMatchObject({ code: "INVALID_OPTION" });
    expect(ran).toBe(false);
  });

  law("a deadlock undoes one part and says that it is a conflict", async (place) => {
    const notes = await makeNotes(place);
    const { storage } = place;
    await storage.transact(async (tx) => {
      await notes.write(tx, 1);
      await notes.write(tx, 2);
    });
    let arrived = 0;
    let meet = (): void => {};
    const met = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const cross = (first: number, second: number) =>
      storage.transact(async (tx) => {
        await notes.touch(tx, first);
        if (++arrived === 2) meet();
        await met;
        return storage.savepoint(tx, () => notes.touch(tx, second));
      });
    const answers = await Promise.all([cross(1, 2), cross(2, 1)]);
    expect(answers.filter(({ kept }) => kept)).toHaveLength(1);
    expect(answers.find(({ kept }) => !kept)).toMatchObject({ conflict: true });
  });
};
