import { setTimeout as sleep } from "node:timers/promises";
import type { Storage } from "holdfast";
import { postgresStorage } from "holdfast/postgres";
import pg from "pg";
import { expect, inject, onTestFinished, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { aJob, enqueueOne } from "../conformance/jobs.ts";
import { freshDatabase } from "../support/fresh-database.ts";

const slotMs = 1_000;

/** A ring whose slots are of a second, and that turns when the test says so. */
async function openRing() {
  const database = await freshDatabase(inject("databaseUrl"));
  // The one registered last runs first.
  onTestFinished(() => database.drop());
  const open = async (): Promise<Storage> => {
    const storage = await postgresStorage({ url: database.url });
    onTestFinished(() => storage.close());
    return storage;
  };
  const storage = await open();
  await storage.migrate();
  const client = new pg.Client(database.url);
  await client.connect();
  onTestFinished(() => client.end());
  const turnTo = (slot: number) =>
    client.query(`CREATE OR REPLACE FUNCTION holdfast.slot() RETURNS smallint LANGUAGE plpgsql AS
      'BEGIN RETURN ${slot}; END'`);
  await client.query(
    "CREATE OR REPLACE FUNCTION holdfast.slot_seconds() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
  );
  await turnTo(0);
  const hasSpace = async () => {
    const { rows } = await client.query<{ bytes: string }>(
      "SELECT pg_relation_size('holdfast.live_0') AS bytes",
    );
    return Number(rows[0]?.bytes) > 0;
  };
  return { storage, open, turnTo, hasSpace };
}

test("what a process saw of a child a lap ago does not let it empty one that another has just moved jobs out of", async () => {
  const { storage, open, turnTo, hasSpace } = await openRing();
  const [seer, mover] = [await open(), await open()];
  // A job that never was leaves a child that is empty and takes space.
  const undone = storage.transact(async (tx) => {
    await storage.insertJobs([aJob()], tx);
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  await turnTo(2);
  expect(await seer.reclaimSpace()).toMatchObject({ moved: 0 });
  await sleep(2 * slotMs);
  // Two moves by one connection within a second: the statistics of the second one can wait for ten.
  await turnTo(1);
  const moved = [await enqueueOne(storage)];
  await turnTo(3);
  expect(await mover.reclaimSpace()).toMatchObject({ moved: 1 });
  await turnTo(0);
  moved.push(await enqueueOne(storage), await enqueueOne(storage));
  await turnTo(2);
  expect(await mover.reclaimSpace()).toMatchObject({ moved: 2 });
  await seer.reclaimSpace();
  expect(await hasSpace(), "a dump begun before the move may still be on its way to its lock").toBe(
    true,
  );
  await eventually("the space comes back half a slot later", async () => {
    await seer.reclaimSpace();
    return !(await hasSpace());
  });
  const found = (await storage.listJobs({ states: ["available"] }, 10)).map(({ id }) => id);
  expect(found.toSorted()).toEqual(moved.toSorted());
});
