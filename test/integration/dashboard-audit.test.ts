import { expect, test } from "vitest";
import type { AuditAnswer } from "../../src/dashboard/wire/health.ts";
import { askDashboard } from "../support/ask-dashboard.ts";
import { describeSharedDatabases } from "./client-databases.ts";

describeSharedDatabases((databases) => {
  test("the audit keeps no long payloads and filters, says so, and hides what is hidden", async () => {
    const client = await databases.client();
    const ask = askDashboard(client, { redact: ["payload.pin"] });
    const { id } = await client.enqueue("pay", {}, { delay: "1h" });
    const long = JSON.stringify({ pin: "sesame", rest: "x".repeat(1_000_000) });
    expect((await ask(`jobs/${id}/update`, { payload: long, priority: 1 })).status).toBe(200);
    await client.jobs.update(id, { payload: { pin: "sesame", rest: 1 }, by: "admin@test" });
    const ids = Array.from({ length: 1_000 }, (_, nth) => String(1e15 + nth));
    await client.operations.start({ action: "retry", filter: { ids }, by: "admin@test" });

    const { body, text } = await ask<AuditAnswer>(`audit?target=job:${id}`);
    expect(body.entries.map(({ details }) => details)).toEqual([
      { payload: { pin: "[redacted]", rest: 1 } },
      { priority: 1, cut: { payload: long.length } },
    ]);
    expect(text).not.toContain("sesame");
    const { entries } = await client.audit.list({ action: "operation.started" });
    expect(entries[0]?.details).toMatchObject({ action: "retry", cut: { filter: 19_009 } });
  });
});
