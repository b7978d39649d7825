import { expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { openTelemetry } from "./open-telemetry.ts";

test.each([
  [{ attempts: "parent" }, "attempts"],
  [{ tracer: {} }, "tracer"],
])("options %j are refused", (options, option) => {
  expect(() => openTelemetry(options as object)).toThrow(coded("INVALID_OPTION", option));
});

test("without an SDK nothing is recorded, jobs have no trace, and all goes on", async () => {
  const telemetry = openTelemetry();
  expect(telemetry.traceOf()).toBeUndefined();
  const receipts = await telemetry.enqueue([], async (jobs) =>
    jobs.map(() => ({ id: "1", outcome: "enqueued" })),
  );
  expect(receipts).toEqual([]);
  await expect(telemetry.call("get", {}, async () => 7)).resolves.toBe(7);
  const failing = telemetry.work(
    "claim",
    () => Promise.reject(new Error("no")),
    () => ({ jobs: 0 }),
  );
  await expect(failing).rejects.toThrow("no");
});
