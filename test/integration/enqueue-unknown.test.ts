import { type Client, createClient } from "holdfast";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { type AnswerThief, openAnswerThief } from "../support/answer-thief.ts";
import { type FreshDatabase, freshDatabase } from "../support/fresh-database.ts";

let database: FreshDatabase;
let thief: AnswerThief;
let client: Client;
let witness: Client;

beforeEach(async () => {
  database = await freshDatabase(inject("databaseUrl"));
  thief = await openAnswerThief(database.url);
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  client = await createClient(thief.url, { logger });
  witness = await createClient(database.url, { logger });
});

afterEach(async () => {
  await client.close();
  await witness.close();
  await thief.close();
  await database.drop();
});

async function stored(): Promise<number> {
  return (await witness.jobs.count()).available;
}

test("an enqueue whose answer is lost is ENQUEUE_UNKNOWN and is not repeated", async () => {
  thief.stealAnswerTo(/enqueue_(one|some)\(/);
  const error = { code: "ENQUEUE_UNKNOWN", retryable: false };
  await expect(client.enqueue("job", {})).rejects.toMatchObject(error);
  expect(await stored()).toBe(1);
});

test("all who share an insert whose answer is lost hear ENQUEUE_UNKNOWN", async () => {
  thief.stealAnswerTo(/enqueue_(one|some)\(/);
  const calls = Array.from({ length: 5 }, () => client.enqueue("job", {}));
  const ends = await Promise.allSettled(calls);
  for (const end of ends) {
    expect(end).toMatchObject({ status: "rejected", reason: { code: "ENQUEUE_UNKNOWN" } });
  }
  expect(await stored()).toBe(5);
});

test("a unique enqueue whose COMMIT is not answered is ENQUEUE_UNKNOWN, and enqueueing it again finds it", async () => {
  thief.stealAnswerTo(/COMMIT(?!TED)/);
  const unique = { key: "k" };
  const error = { code: "ENQUEUE_UNKNOWN" };
  await expect(client.enqueue("job", {}, { unique })).rejects.toMatchObject(error);
  const again = await witness.enqueue("job", {}, { unique });
  expect(again.outcome).toBe("existing");
  expect(await stored()).toBe(1);
});
