import { expect } from "vitest";
import { stateOf } from "./bring.ts";
import { aJob, enqueueOne, single, someJobs, uniqueOn } from "./jobs.ts";
import type { Chapter } from "./law.ts";

/** Enqueueing inside a transaction of the caller's own connection. */
export const callerTransactionLaws: Chapter = (law) => {
  law("jobs appear when the application's own connection commits", async (place) => {
    const { storage } = place;
    const application = await place.application();
    await application.query("BEGIN");
    const { id } = single(await storage.insertJobs([aJob()], application.tx));
    expect(await stateOf(storage, id)).toBeUndefined();
    await application.query("COMMIT");
    expect(await stateOf(storage, id)).toBe("available");
  });

  law("jobs never were when the application's own connection rolls back", async (place) => {
    const { storage } = place;
    const application = await place.application();
    await application.query("BEGIN");
    await storage.insertJobs(someJobs(3, { runAt: 1 }), application.tx);
    await application.query("ROLLBACK");
    expect(await storage.listJobs({}, 10)).toEqual([]);
  });

  law("jobs and the application's own rows commit as one", async (place) => {
    const { storage, table } = place;
    const notes = table("notes");
    await place.script(`CREATE TABLE ${notes} (id integer);`);
    const application = await place.application();
    await application.query("BEGIN");
    await application.query(`INSERT INTO ${notes} (id) VALUES (1)`);
    await storage.insertJobs([aJob()], application.tx);
    await application.query(`INSERT INTO ${notes} (id) VALUES (2)`);
    await application.query("COMMIT");
    expect(await application.query(`SELECT id FROM ${notes}`)).toHaveLength(2);
    expect(await storage.listJobs({}, 10)).toHaveLength(1);
  });

  law("an enqueue leaves the caller's transaction open", async (place) => {
    const application = await place.application();
    await application.query("BEGIN");
    await place.storage.insertJobs(someJobs(2_000), application.tx);
    await place.storage.insertJobs([aJob()], application.tx);
    await application.query("ROLLBACK");
    expect(await place.storage.countJobs({})).toMatchObject({ available: 0 });
  });

  law("a unique key taken in a rolled-back transaction is free", async (place) => {
    const { storage } = place;
    const application = await place.application();
    const job = aJob({ unique: uniqueOn("k") });
    await application.query("BEGIN");
    await storage.insertJobs([job], application.tx);
    await application.query("ROLLBACK");
    expect(single(await storage.insertJobs([job])).outcome).toBe("enqueued");
  });

  law(
    "a refused enqueue leaves the caller's transaction usable and stores nothing of itself",
    async (place) => {
      const { storage } = place;
      const holder = await enqueueOne(storage, { unique: uniqueOn("k") });
      const application = await place.application();
      await application.query("BEGIN");
      const conflicting = aJob({ unique: uniqueOn("k", { onConflict: "error" }) });
      const refused = storage.insertJobs([aJob({ name: "lost" }), conflicting], application.tx);
      await expect(refused).rejects.toMatchObject({ code: "UNIQUE_CONFLICT", details: { holder } });
      await storage.insertJobs([aJob({ name: "kept" })], application.tx);
      await application.query("COMMIT");
      const names = (await storage.listJobs({}, 10)).map(({ name }) => name);
      expect(names).toEqual(["kept", "work"]);
    },
  );

  law("a connection that is in no transaction is refused", async (place) => {
    const application = await place.application();
    const refused = place.storage.insertJobs([aJob()], application.tx);
    await expect(refused).rejects.toMatchObject({ code: "INVALID_OPTION" });
    expect(await place.storage.listJobs({}, 10)).toEqual([]);
  });

  law("things that are no transaction of this database are refused", async (place) => {
    const things = await place.foreign();
    expect(Object.keys(things).length).toBeGreaterThan(2);
    for (const [what, thing] of Object.entries(things)) {
      const refused = place.storage.insertJobs([aJob()], thing);
      await expect(refused, what).rejects.toMatchObject({
        name: "HoldfastError",
        code: "INVALID_OPTION",
      });
    }
    expect(await place.storage.listJobs({}, 10)).toEqual([]);
  });

  law("a job enqueued in a transaction can be replaced in it", async ({ storage }) => {
    const first = aJob({
      payload: "1",
      unique: uniqueOn("k", { while: "waiting", onConflict: "replace" }),
    });
    const receipts = await storage.transact(async (tx) => [
      ...(await storage.insertJobs([first], tx)),
      ...(await storage.insertJobs([{ ...first, payload: "2" }], tx)),
    ]);
    const [made, replaced] = receipts;
    expect(replaced).toEqual({ id: made?.id, outcome: "replaced" });
    expect(single(await storage.listJobs({}, 10)).payload).toBe(2);
  });
};
