// signup.test.ts, with Jest
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { type Client, createClient } from "holdfast";
import { createManualClock, drain, expectCompleted, expectEnqueued } from "holdfast/testing";
import { reminder, sendWelcome, signUp, welcome } from "./jobs.ts";

let client: Client;
beforeEach(async () => {
  client = await createClient("sqlite::memory:", { clock: createManualClock() });
});
afterEach(() => client.close());

test("a newcomer is welcomed, and reminded within a week", async () => {
  const send = jest.fn(async (to: string, text: string) => `${text} to ${to}`);
  await signUp(client, "ada@example.com");
  const job = await expectEnqueued(client, sendWelcome, { email: "ada@example.com" });
  const options = { handlers: [welcome, reminder], services: { mailer: { send } } };
  await drain(client, { ...options, within: "1d" });
  expect(await expectCompleted(client, job.id)).toBe("Welcome! to ada@example.com");
  expect(send).toHaveBeenCalledTimes(1);
  await drain(client, { ...options, within: "6d" });
  expect(send).toHaveBeenLastCalledWith("ada@example.com", "Still there?");
});
