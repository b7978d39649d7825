import { expect } from "vitest";
import type { Transaction } from "../../src/core/transaction.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { stateOf } from "./bring.ts";
import type { Place } from "./harness.ts";
import { aJob, enqueueOne } from "./jobs.ts";
import type { Chapter } from "./law.ts";

async function makeNotes({ script, table }: Place): Promise<string> {
  const notes = table("notes");
  await script(`CREATE TABLE ${notes} (id integer PRIMARY KEY, text text);`);
  return notes;
}

const write = (tx: Transaction, notes: string, id: number, text = "x") =>
  tx.query(`INSERT INTO ${notes} (id, text) VALUES ($1, $2)`, [id, text]);

async function count(storage: Storage, notes: string): Promise<number> {
  const { rows } = await storage.transact((tx) => tx.query(`SELECT id FROM ${notes}`));
  return rows.length;
}

export const transactLaws: Chapter = (law) => {
  law("transact commits when its function resolves, and gives its value", async (place) => {
    const notes = await makeNotes(place);
    const value = await place.storage.transact(async (tx) => {
      await write(tx, notes, 1);
      return "done";
    });
    expect(value).toBe("done");
    expect(await count(place.storage, notes)).toBe(1);
  });

  law("transact rolls back when its function rejects, with the very same error", async (place) => {
    const notes = await makeNotes(place);
    const reason = new Error("changed my mind");
    const outcome = place.storage.transact(async (tx) => {
      await write(tx, notes, 1);
      throw reason;
    });
    await expect(outcome).rejects.toBe(reason);
    expect(await count(place.storage, notes)).toBe(0);
  });

  law("a thrown value that is no error comes back as it is", async ({ storage }) => {
    const reason: unknown = "a string";
    await expect(storage.transact(() => Promise.reject(reason))).rejects.toBe(reason);
  });

  law("statements take $1 parameters, also repeated and out of order", async ({ storage }) => {
    const { rows } = await storage.transact((tx) =>
      tx.query<{ a: string; b: string; c: string }>(
        "SELECT CAST($2 AS text) AS a, CAST($1 AS text) AS b, CAST($2 AS text) AS c",
        ["one", "two"],
      ),
    );
    expect(rows.map((row) => ({ ...row }))).toEqual([{ a: "two", b: "one", c: "two" }]);
  });

  law("a statement says how many rows it touched", async (place) => {
    const notes = await makeNotes(place);
    const touched = await place.storage.transact(async (tx) => {
      await write(tx, notes, 1);
      await write(tx, notes, 2);
      return (await tx.query(`UPDATE ${notes} SET text = $1`, ["y"])).rowCount;
    });
    expect(touched).toBe(2);
  });

  law("a transaction reads what it has written", async (place) => {
    const notes = await makeNotes(place);
    const { rows } = await place.storage.transact(async (tx) => {
      await write(tx, notes, 7, "mine");
      return await tx.query<{ text: string }>(`SELECT text FROM ${notes} WHERE id = $1`, [7]);
    });
    expect(rows.map(({ text }) => text)).toEqual(["mine"]);
  });

  law("what is not committed is not seen from another connection", async (place) => {
    const { storage } = place;
    const other = await place.connect();
    await storage.transact(async (tx) => {
      const [receipt] = await storage.insertJobs([aJob()], tx);
      expect(await stateOf(other, receipt?.id ?? "")).toBeUndefined();
    });
  });

  law("jobs enqueued in a transaction appear with its commit", async ({ storage, connect }) => {
    const [receipt] = await storage.transact((tx) => storage.insertJobs([aJob()], tx));
    expect(await stateOf(await connect(), receipt?.id ?? "")).toBe("available");
  });

  law("jobs enqueued in a transaction that rolls back never were", async ({ storage }) => {
    const outcome = storage.transact(async (tx) => {
      await storage.insertJobs([aJob()], tx);
      throw new Error("no");
    });
    await expect(outcome).rejects.toThrow("no");
    expect(await storage.listJobs({}, 10)).toEqual([]);
  });

  law("a wrong statement rejects and leaves the storage usable", async (place) => {
    const notes = await makeNotes(place);
    const outcome = place.storage.transact(async (tx) => {
      await write(tx, notes, 1);
      await tx.query("SELECT nothing FROM nowhere");
    });
    await expect(outcome).rejects.toThrow();
    expect(await count(place.storage, notes)).toBe(0);
    await expect(enqueueOne(place.storage)).resolves.toMatch(/^\d+$/);
  });

  law("a statement that breaks a constraint can be caught by the application", async (place) => {
    const notes = await makeNotes(place);
    await place.storage.transact((tx) => write(tx, notes, 1));
    await expect(place.storage.transact((tx) => write(tx, notes, 1))).rejects.toThrow();
    expect(await count(place.storage, notes)).toBe(1);
  });

  law("many transactions at once all come about", async (place) => {
    const notes = await makeNotes(place);
    const ids = Array.from({ length: 20 }, (_, index) => index);
    await Promise.all(ids.map((id) => place.storage.transact((tx) => write(tx, notes, id))));
    expect(await count(place.storage, notes)).toBe(20);
  });

  law("a transaction that was over is refused", async ({ storage }) => {
    const kept = await storage.transact(async (tx) => tx);
    await expect(storage.insertJobs([aJob()], kept)).rejects.toMatchObject({
      code: "INVALID_OPTION",
    });
    expect(await storage.listJobs({}, 10)).toEqual([]);
  });

  law("a transaction that holds the one writer too long is TRANSACTION_TOO_LONG", async (place) => {
    const { storage } = place;
    const outcome = storage.transact(async (tx) => {
      await storage.insertJobs([aJob()], tx);
      return await new Promise<never>(() => {});
    });
    await expect(outcome).rejects.toMatchObject({ code: "TRANSACTION_TOO_LONG" });
    expect(await storage.listJobs({}, 10)).toEqual([]);
    await expect(enqueueOne(storage)).resolves.toMatch(/^\d+$/);
  });

  law(
    "a transaction left idle longer than it may be is rolled back by the server",
    async (place) => {
      const notes = await makeNotes(place);
      const application = await place.application();
      const outcome = place.storage.transact(
        async (tx) => {
          await write(tx, notes, 1, "theirs");
          // This waits for the row above, and so for the end of the transaction.
          await application.query(`INSERT INTO ${notes} (id, text) VALUES (1, 'ours')`);
        },
        { idleMs: 50 },
      );
      await expect(outcome).rejects.toMatchObject({ name: "HoldfastError" });
      expect(await application.query(`SELECT text FROM ${notes}`)).toEqual([{ text: "ours" }]);
    },
  );

  law(
    "serializable transactions that exclude each other: one commits, one is TRANSACTION_RETRY",
    async (place) => {
      const notes = await makeNotes(place);
      const { storage } = place;
      await storage.transact((tx) => write(tx, notes, 1));
      let arrived = 0;
      let meet = () => {};
      const met = new Promise<void>((resolve) => {
        meet = resolve;
      });
      const countAndWrite = (id: number) =>
        storage.transact(
          async (tx) => {
            await tx.query(`SELECT count(*) FROM ${notes}`);
            if (++arrived === 2) meet();
            await met;
            await write(tx, notes, id);
          },
          { isolation: "serializable" },
        );
      const outcomes = await Promise.allSettled([countAndWrite(2), countAndWrite(3)]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
      expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({
        reason: { code: "TRANSACTION_RETRY", retryable: true },
      });
      expect(await count(storage, notes)).toBe(2);
    },
  );
};
