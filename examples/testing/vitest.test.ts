// signup.test.ts, with Vitest
import { createClient } from "holdfast";
import {
  createManualClock,
  drain,
  expectCompleted,
  expectEnqueued,
  runJob,
} from "holdfast/testing";
import { expect, test, vi } from "vitest";
import { remind, reminder, sendWelcome, signUp, welcome } from "./jobs.ts";

test("a newcomer is welcomed at once and reminded after three days", async () => {
  const clock = createManualClock(new Date("2026-03-01T12:00:00Z"));
  await using client = await createClient("sqlite::memory:", { clock });
  const mailer = { send: vi.fn<(to: string, text: string) => Promise<string>>() };
  mailer.send.mockRejectedValueOnce(new Error("The server is down.")).mockResolvedValue("m1");

  await signUp(client, "ada@example.com");
  const job = await expectEnqueued(client, sendWelcome, { email: "ada@example.com" });
  await drain(client, { handlers: [welcome, reminder], services: { mailer } });

  expect(await expectCompleted(client, job.id)).toBe("m1"); // at its second attempt, an hour later
  expect(mailer.send.mock.calls.map(([, text]) => text)).toEqual([
    "Welcome!",
    "Welcome!",
    "Still there?",
  ]);
  expect(new Date(clock.now())).toEqual(new Date("2026-03-04T13:00:00Z"));
});

test("the handler alone, without a database", async () => {
  const services = { mailer: { send: async () => "m1" } };
  const run = await runJob(welcome, { email: "ada@example.com" }, { services });
  expect(run).toMatchObject({ state: "completed", result: "m1" });
  expect(run.enqueued).toMatchObject([
    { name: remind.name, payload: { email: "ada@example.com" } },
  ]);
});
