import { defineJob } from "holdfast";
import { expect, test } from "vitest";
import { z } from "zod";
import { eventually } from "../conformance/eventually.ts";
import { createLatch } from "../support/latch.ts";
import { overriddenStorage } from "../support/overridden.ts";
import { describeWorkers } from "./worker-bench.ts";

const quickRetry = { attempts: 3, backoff: "fixed", delay: "5ms", resetAfter: 1e9 } as const;

describeWorkers((openBench) => {
  test("the handler gets the output of validating the stored input again", async () => {
    const bench = await openBench();
    const when = defineJob({ name: "when", payload: z.object({ at: z.coerce.date() }) });
    const handler = when.handler(({ at }) => at.getUTCFullYear());
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(when, { at: "2031-02-03T00:00:00Z" });
    await expect(bench.finished(id)).resolves.toMatchObject({ result: 2031 });
    await expect(bench.job(id)).resolves.toMatchObject({ payload: { at: "2031-02-03T00:00:00Z" } });
  });

  test("a payload invalid at run is discarded at once with its issues, and never retried", async () => {
    const bench = await openBench();
    let runs = 0;
    const strict = defineJob({
      name: "strict",
      payload: z.object({ user: z.object({ email: z.email() }) }),
    });
    await bench.work([strict.handler(() => void (runs += 1))]);
    const { id } = await bench.client.enqueue("strict", { user: { email: 7 } });
    const { state, reason } = await bench.finished(id);
    expect(state).toBe("discarded");
    expect(reason).toMatchObject({ code: "PAYLOAD_INVALID" });
    expect(reason?.message).toContain("user.email");
    await expect(bench.job(id)).resolves.toMatchObject({
      attempts: [{ how: "discarded", error: { code: "PAYLOAD_INVALID" } }],
    });
    expect(runs).toBe(0);
  });

  test("a schema that breaks, rather than refuses, is a failed attempt and tried again", async () => {
    const bench = await openBench();
    let broken = false;
    const flaky = defineJob({
      name: "flaky",
      payload: z.unknown().refine(() => {
        if (broken) throw new Error("the lookup failed");
        return true;
      }),
      retry: { ...quickRetry, attempts: "unlimited" },
    });
    const { id } = await bench.client.enqueue(flaky, {});
    broken = true;
    await bench.work([flaky.handler(() => "ok")]);
    const failed = await bench.jobOnce(id, "has failed", ({ attempts }) => attempts.length > 0);
    expect(failed.attempts[0]).toMatchObject({
      how: "failed",
      error: { message: "the lookup failed" },
    });
    broken = false;
    await expect(bench.finished(id)).resolves.toMatchObject({ result: "ok" });
  });

  test("a payload of an older version is upgraded, then validated", async () => {
    const bench = await openBench();
    const old = defineJob<{ mail: string }>({ name: "greet" });
    const { id } = await bench.client.enqueue(old, { mail: "ada@example.com" });
    const upgraded: unknown[] = [];
    const today = defineJob({
      name: "greet",
      payload: z.object({ email: z.email() }),
      version: {
        number: 3,
        upgrade: (payload, version) => {
          upgraded.push([payload, version]);
          return { email: (payload as { mail: string }).mail };
        },
      },
    });
    const second = await openBench({ on: bench });
    await second.work([today.handler(({ email }) => email)]);
    await expect(second.finished(id)).resolves.toMatchObject({ result: "ada@example.com" });
    expect(upgraded).toEqual([[{ mail: "ada@example.com" }, 1]]);
  });

  test("a job of a newer version than the code, or of a name without a handler, is left alone and shown", async () => {
    const bench = await openBench();
    const newer = defineJob({ name: "greet", version: { number: 2 } });
    const left = [
      await bench.client.enqueue(newer, {}),
      await bench.client.enqueue("unheard-of", {}),
    ];
    const looks = { claims: 0 };
    const second = await openBench({
      on: bench,
      wrap: (storage) =>
        overriddenStorage(storage, {
          claimJobs: (...given: Parameters<typeof storage.claimJobs>) => {
            looks.claims += 1;
            return storage.claimJobs(...given);
          },
        }),
    });
    const known = defineJob({ name: "greet", version: { number: 1 } });
    const ran = createLatch();
    await second.work([known.handler(() => ran.open())], { poll: "50ms" });
    const { id } = await second.client.enqueue(known, {});
    await second.finished(id);
    const before = looks.claims;
    const started = performance.now();
    // One look is due, and a hint still under way brings another; the others are a poll apart.
    await eventually("it has looked again", () => looks.claims >= before + 6);
    expect(performance.now() - started, "it does not spin").toBeGreaterThan(100);
    for (const receipt of left) {
      await expect(bench.job(receipt.id)).resolves.toMatchObject({
        state: "available",
        attempt: 0,
        run: 0,
        attempts: [],
      });
    }
  });
});
