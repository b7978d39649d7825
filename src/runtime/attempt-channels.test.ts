import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterEach, expect, test } from "vitest";
import { defineJob } from "../core/define-job.ts";
import { runJob } from "../testing/run-job.ts";
import { channelNames } from "./attempt-channels.ts";

const job = defineJob<null>({ name: "job", queue: "quick" });
const heard: [string | symbol, unknown][] = [];
const hear = (message: unknown, name: string | symbol): number => heard.push([name, message]);

afterEach(() => {
  for (const name of channelNames) unsubscribe(name, hear);
  heard.length = 0;
});

const attempt = {
  id: "1",
  name: "job",
  queue: "quick",
  attempt: 1,
  run: 1,
  worker: "1",
  traceId: undefined,
};

test("subscribers hear of every attempt, first that it starts and then how it ended", async () => {
  for (const name of channelNames) subscribe(name, hear);
  const failing = job.handler(() => {
    expect(heard).toHaveLength(1);
    throw new TypeError("no");
  });
  await runJob(failing, null);
  expect(heard).toMatchObject([
    ["holdfast:attempt:start", attempt],
    [
      "holdfast:attempt:end",
      {
        ...attempt,
        how: "failed",
        state: "retryable",
        error: { name: "TypeError", message: "no" },
        level: "warn",
        willRetry: true,
        reset: false,
      },
    ],
  ]);
});

test("an attempt that its transaction has completed is told of like any", async () => {
  const transacting = job.handler((_, { transaction }) => transaction(async () => {}));
  const [, end] = channelNames;
  subscribe(end, hear);
  await runJob(transacting, null, { tx: { query: async () => ({ rows: [] }) } as never });
  expect(heard).toMatchObject([[end, { how: "completed", state: "completed", error: null }]]);
});
