import { describe, expect, test } from "vitest";
import { policy } from "../../../../test/support/claimed-job.ts";
import { defaultRetryPolicy } from "../../../core/defaults.ts";
import type { NewJob } from "../../../core/new-job.ts";
import { rowsOf } from "./job-rows.ts";

function job(given: Partial<NewJob> = {}): NewJob {
  return {
    name: "report",
    version: 1,
    queue: "default",
    priority: 5,
    payload: "{}",
    createdAt: 10,
    runAt: 10,
    policy: defaultRetryPolicy,
    unique: null,
    tags: [],
    ...given,
  };
}

/** What a column is selected as, its parameter in place of its number. */
function column(name: string, jobs: readonly NewJob[], ids?: readonly string[]): unknown {
  const { columns, from, params } = rowsOf(jobs, ids);
  const expression = columns.get(name);
  const once = /^\$(\d+)::/.exec(expression ?? "");
  if (once !== null) return { once: params[Number(once[1]) - 1] };
  if (expression === undefined) return undefined;
  const inside = /ROWS FROM \((.*)\) AS job\((.*)\)$/.exec(from) ?? [];
  const position = inside[2]?.split(", ").indexOf(name) ?? -1;
  const list = [...(inside[1] ?? "").matchAll(/\$(\d+)/g)][position];
  return { list: params[Number(list?.[1]) - 1] };
}

describe("jobs as rows", () => {
  test("one job alone is a row of its own, without a list", () => {
    const { from, params } = rowsOf([job()]);
    expect(from).toBe("");
    expect(params).toEqual(["report", 1, "default", 5, "{}", 10, 10]);
  });

  test("what all jobs agree on is said once", () => {
    const tags: string[] = [];
    const jobs = ["1", "2", "3"].map((payload) => job({ payload, tags }));
    expect(rowsOf(jobs).params).toEqual(["report", 1, "default", 5, "1\u001f2\u001f3", 10, 10]);
  });

  test("equal payloads are as many rows as there are jobs", () => {
    expect(column("payload", [job(), job()])).toEqual({ list: "{}\u001f{}" });
  });

  test("what differs is a list, in the order of the jobs", () => {
    const jobs = [
      job({ name: "a,b", priority: 3, createdAt: 8 }),
      job({ name: "\u001f", priority: 0, createdAt: 9 }),
    ];
    expect(column("name", jobs), "pg quotes texts").toEqual({ list: ["a,b", "\u001f"] });
    expect(column("priority", jobs)).toEqual({ list: "{3,0}" });
    expect(column("created_at", jobs)).toEqual({ list: "{8,9}" });
    expect(column("run_at", jobs)).toEqual({ once: 10 });
  });

  test("ids that are given are a list, also one alone", () => {
    expect(column("id", [job()], ["7"])).toEqual({ list: "{7}" });
    expect(column("id", [job(), job()], ["7", "9"])).toEqual({ list: "{7,9}" });
    expect(column("id", [job()])).toBeUndefined();
  });

  test("the default policy and no tags are not stored, whichever object says so", () => {
    const jobs = [job(), job({ policy: { ...defaultRetryPolicy }, tags: [] })];
    expect(column("policy", [job()])).toBeUndefined();
    expect(column("tags", [job()])).toBeUndefined();
    expect(column("policy", jobs), "empty is NULL in a list").toEqual({ list: "\u001f" });
  });

  test("another policy and tags are JSON, once for all who share them", () => {
    const slow = policy({ attempts: 3 });
    const tags = ["a", "\u001f"];
    const jobs = [job({ policy: slow, tags }), job({ policy: slow, tags })];
    expect(column("policy", jobs)).toEqual({ once: JSON.stringify(slow) });
    expect(column("tags", jobs)).toEqual({ once: '["a","\\u001f"]' });
    expect(column("tags", [...jobs, job()])).toEqual({
      list: '["a","\\u001f"]\u001f["a","\\u001f"]\u001f',
    });
  });

  test("unique keys are kept with how long they are held", () => {
    const unique = { key: "k", while: "ever", until: null, onConflict: "skip" } as const;
    expect(column("unique_key", [job({ unique }), job()])).toEqual({ list: ["k", null] });
    expect(column("unique_while", [job({ unique })])).toEqual({ once: "ever" });
  });
});
