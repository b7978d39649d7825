import { expect } from "vitest";
import type { AuditEntry, AuditFilter } from "../../src/core/audit-client.ts";
import { defaults } from "../../src/core/defaults.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { enqueue, someJobs, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { start, workOff } from "./operate.ts";

function withoutId({ id, ...entry }: AuditEntry): Omit<AuditEntry, "id"> {
  expect(id).toMatch(/^\d+$/);
  return entry;
}

/** The newest entries of all there are. */
export async function entriesOf(
  storage: Storage,
  filter: AuditFilter,
  limit: number,
  after?: string,
): Promise<readonly AuditEntry[]> {
  return (await storage.listAudit(filter, { limit, after, lookAtMost: 1_000 })).entries;
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
      const found = async (filter: AuditFilter, limit: number, after?: string) =>
        (await entriesOf(storage, filter, limit, after)).map(withoutId);
      expect(await found({}, 10)).toEqual(entries.toReversed());
      expect(await found({ by: "ada" }, 10)).toHaveLength(3);
      expect(await found({ target: "queue:'q'" }, 10)).toEqual([entries[2]]);
      expect(await found({ action: "jobs.cancel", target: "job:1", by: "ada" }, 1)).toEqual([
        entries[3],
      ]);
      expect(await found({ action: "jobs.delete" }, 10)).toEqual([]);
      const [first] = await entriesOf(storage, {}, 1);
      expect(await found({}, 2, first?.id)).toEqual([entries[2], entries[1]]);
    },
  );

  law("a look at the audit ends after so many entries, and says where", async ({ storage }) => {
    const entry = { at: t0, by: "ada", action: "a", details: {} };
    await storage.writeAudit({ ...entry, by: "bob", target: "old" });
    for (let nth = 0; nth < 9; nth += 1) {
      await storage.writeAudit({ ...entry, target: nth % 2 === 0 ? "even" : "odd" });
    }
    const all = await entriesOf(storage, {}, 20);
    const look = async (filter: AuditFilter, after?: string) => {
      const { entries, stoppedAt } = await storage.listAudit(filter, {
        limit: 2,
        after,
        lookAtMost: 4,
      });
      return [entries.map(({ id }) => id), stoppedAt];
    };
    const ids = all.map(({ id }) => id);
    expect(await look({}), "what is not narrowed down is never far").toEqual([
      ids.slice(0, 2),
      null,
    ]);
    expect(await look({ by: "ada" }), "enough was found").toEqual([ids.slice(0, 2), null]);
    expect(await look({ by: "bob" })).toEqual([[], ids[3]]);
    expect(await look({ by: "bob" }, ids[3])).toEqual([[], ids[7]]);
    expect(await look({ by: "bob" }, ids[7])).toEqual([[ids[9]], null]);
    expect(await look({ action: "b", target: "odd" }), "of one target alone").toEqual([
      [],
      all.filter(({ target }) => target === "odd")[3]?.id,
    ]);
    expect(await look({ target: "old" })).toEqual([[ids[9]], null]);
  });

  law("pages of the audit and of operations go on in order past ten", async ({ storage }) => {
    const entry = { by: "ada", action: "a", target: "t", details: {} };
    const moments = Array.from({ length: 12 }, (_, nth) => t0 + nth);
    for (const at of moments) await storage.writeAudit({ ...entry, at });
    const newest = await entriesOf(storage, {}, 4);
    const older = await entriesOf(storage, {}, 20, newest.at(-1)?.id);
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
      expect((await entriesOf(storage, { target }, 10)).map(withoutId)).toEqual([
        {
          at: t0 + 1,
          by: "ada",
          action: "operation.completed",
          target,
          details: { ...asked, done: 2, skipped: 0, failed: 0 },
        },
        { at: t0, by: "ada", action: "operation.started", target, details: asked },
      ]);
      expect((await entriesOf(storage, { by: "bob" }, 10)).map(({ action }) => action)).toEqual([
        "operation.cancelled",
      ]);
    },
  );

  law("entries are kept for their time", async ({ storage }) => {
    const entry = { by: "ada", action: "a", target: "t", details: {} };
    await storage.writeAudit({ ...entry, at: t0 });
    await storage.writeAudit({ ...entry, at: t0 + 5 });
    await storage.writeAudit({ ...entry, at: t0 + defaults.auditKeptMs + 1 });
    expect((await entriesOf(storage, {}, 10)).map(({ at }) => at - t0)).toEqual([
      defaults.auditKeptMs + 1,
      5,
    ]);
  });
};
