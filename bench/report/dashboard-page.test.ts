import { expect, test } from "vitest";
import { dashboardBlock, shownDashboardRun } from "./dashboard-page.ts";
import {
  type MeasuredDatabase,
  type MeasuredRequest,
  type NamedDashboardRun,
  verdictOf,
} from "./dashboard-run.ts";

function asked(given: Partial<MeasuredRequest>): MeasuredRequest {
  const measured = {
    page: "Jobs",
    request: "api/jobs",
    p50: 1,
    p95: 10,
    max: 20,
    kilobytes: 1,
    walks: [],
    failure: null,
    ...given,
  };
  return { ...measured, verdict: verdictOf(measured) };
}

function database(
  given: Partial<MeasuredDatabase>,
  requests: readonly MeasuredRequest[],
): MeasuredDatabase {
  const verdict = requests.every((one) => one.verdict === "PASS") ? "PASS" : "MISS";
  const size = { finished: 10_000_000, waiting: 100_000 };
  return { backend: "postgres", version: "18.0", ...size, verdict, requests, ...given };
}

function run(name: string, databases: readonly MeasuredDatabase[]): NamedDashboardRun {
  const date = "2026-01-02T10:00:00.000Z";
  const host = { cpus: "Abacus", cores: 2, memoryGiB: 8, node: "v24.0.0", date, commit: "abc" };
  return { name, host, version: "0.1.0", targetMs: 300, rounds: 20, databases };
}

const sqlite = { backend: "sqlite", version: "3.50.0", finished: 1_000_000 } as const;

test("slow, failing and walking answers miss the target, and are told of with the reason", () => {
  const requests = [
    asked({ p95: 300 }),
    asked({ request: "api/jobs/counts", p95: 301 }),
    asked({ request: "api/jobs/values", walks: ["live: 80000 rows"] }),
    asked({ page: "Health", request: "api/health", failure: "500 no" }),
  ];
  expect(requests.map(({ verdict }) => verdict)).toEqual(["PASS", "MISS", "MISS", "MISS"]);
  const block = dashboardBlock([run("a.json", [database({}, requests)])]);
  expect(block).toContain("| Jobs | 300 ms | 301 ms **MISS**<br>`api/jobs/counts` |");
  expect(block).toContain("| Health | 300 ms | 10.0 ms **MISS**<br>`api/health` |");
  expect(block).toContain(
    "- PostgreSQL: 4 questions, the slowest 95th percentile 301 ms of 300 ms: **MISS**.",
  );
  expect(block).toContain("- MISS: PostgreSQL, Jobs, `api/jobs/counts`: 301 ms");
  expect(block).toContain("`api/jobs/values`: 10.0 ms, walks live: 80000 rows");
  expect(block).toContain("`api/health`: 10.0 ms, fails: 500 no");
});

test("a page's row is its slowest question on each database", () => {
  const block = dashboardBlock([
    run("a.json", [
      database({}, [asked({ p95: 20, request: "api/jobs?q=a" }), asked({})]),
      database(sqlite, [asked({}), asked({ page: "Queues", request: "api/queues" })]),
    ]),
  ]);
  expect(block).toContain(
    "|  | target | PostgreSQL 18.0, 10,000,000 finished, 100,000 waiting | SQLite 3.50.0, 1,000,000 finished, 100,000 waiting |",
  );
  expect(block).toContain(
    "| Jobs | 300 ms | 20.0 ms **PASS**<br>`api/jobs?q=a` | 10.0 ms **PASS**<br>`api/jobs` |",
  );
  expect(block).toContain("| Queues | 300 ms | not asked | 10.0 ms **PASS**<br>`api/queues` |");
  expect(block).toContain("commit `abc`, 2026-01-02");
});

test("shown is the newest run of the whole size on both databases, and any while there is none", () => {
  const whole = (name: string) => run(name, [database({}, []), database(sqlite, [])]);
  const small = run("small", [database({ finished: 1_000 }, []), database(sqlite, [])]);
  const half = run("half", [database({}, [])]);
  expect(shownDashboardRun([whole("a"), whole("b"), small, half])?.name).toBe("b");
  expect(shownDashboardRun([half, small])?.name).toBe("small");
  expect(dashboardBlock([])).toContain("Nothing is measured yet");
});
