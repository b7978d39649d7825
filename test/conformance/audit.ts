import { expect } from "vitest";
import type { AuditEntry } from "../../src/core/audit-client.ts";
import { defaults } from "../../src/core/defaults.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { enqueue, someJobs, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { start, workOff } from "./operate.ts";

function withoutId({ id, ...entry }: AuditEntry): Omit<AuditEntry, "id"> {
  expect(id).toMatch(/^\d+$/);
  return entry;
}

export const auditLaws: Chapter = (law) => {
  law(
    "the audit has what was written, newest first, by who, what and to what",
    async ({ storage }) => {
      const entry = (nth: number, given: object = {}) => ({
        at: t0 + nth,
        by: "ada",
        action: "jobs.cancel",
        target: "job:1",
        details: { why: `it's "over" 😀`, nth },
        ...given,
      });
      const entries = [
        entry(0),
        entry(1, { by: null }),
        entry(2, { target: "queue:'q'" }),
        entry(3),
      ];
      for (const each of entries) await storage.writeAudit(each);
      const found = async (...given: Parameters<Storage["listAudit"]>) =>
        (await storage.listAudit(...given)).map(withoutId);
      expect(await found({}, 10)).toEqual(entries.toReversed());
      expect(await found({ by: "ada" }, 10)).toHaveLength(3);
      expect(await found({ target: "queue:'q'" }, 10)).toEqual([entries[2]]);
      expect(await found({ action: "jobs.cancel", target: "job:1", by: "ada" }, 1)).toEqual([
        entries[3],
      ]);
      expect(await found({ action: "jobs.delete" }, 10)).toEqual([]);
      const [first] = await storage.listAudit({}, 1);
      expect(await found({}, 2, first?.id)).toEqual([entries[2], entries[1]]);
    },
  );

  law("pages of the audit and of operations go on in order past ten", async ({ storage }) => {
    const entry = { by: "ada", action: "a", target: "t", details: {} };
    const moments = Array.from({ length: 12 }, (_, nth) => t0 + nth);
    for (const at of moments) await storage.writeAudit({ ...entry, at });
    const newest = await storage.listAudit({}, 4);
    const older = await storage.listAudit({}, 20, newest.at(-1)?.id);
    expect([...newest, ...older].map(({ at }) => at)).toEqual(moments.toReversed());
    const ids = [];
    for (const _ of moments) ids.push((await start(storage, { action: "retry", filter: {} })).id);
    const first = await storage.listOperations(4);
    const rest = await storage.listOperations(20, first.at(-1)?.id);
    expect([...first, ...rest].map(({ id }) => id)).toEqual(ids.toReversed());
  });

  law(
    "an operation is in the audit with its filter when it begins and its counts when it ends",
    async ({ storage }) => {
      await enqueue(storage, ...someJobs(2));
      const filter = { queue: "default" };
      const { id } = await start(storage, { action: "move", queue: "q", filter, by: "ada" });
      const target = `operation:${id}`;
      await workOff(storage, 10, t0 + 1);
      const second = await start(storage, { action: "retry", filter: {} });
      await storage.cancelOperation(second.id, "bob", t0 + 2);
      const asked = { action: "move", filter, queue: "q", matched: 2 };
      expect((await storage.listAudit({ target }, 10)).map(withoutId)).toEqual([
        {
          at: t0 + 1,
          by: "ada",
          action: "operation.completed",
          target,
          details: { ...asked, done: 2, skipped: 0, failed: 0 },
        },
        { at: t0, by: "ada", action: "operation.started", target, details: asked },
      ]);
      expect((await storage.listAudit({ by: "bob" }, 10)).map(({ action }) => action)).toEqual([
        "operation.cancelled",
      ]);
    },
  );

  law("entries are kept for their time", async ({ storage }) => {
    const entry = { by: "ada", action: "a", target: "t", details: {} };
    await storage.writeAudit({ ...entry, at: t0 });
    await storage.writeAudit({ ...entry, at: t0 + 5 });
    await storage.writeAudit({ ...entry, at: t0 + defaults.auditKeptMs + 1 });
    expect((await storage.listAudit({}, 10)).map(({ at }) => at - t0)).toEqual([
      defaults.auditKeptMs + 1,
      5,
    ]);
  });
};
