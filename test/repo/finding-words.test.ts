import { describe, expect, test } from "vitest";
import { englishFindings } from "../../src/core/english-findings.ts";
import { findingCatalogue } from "../../src/core/finding.ts";
import type { FindingCode, FindingFacts } from "../../src/core/finding-facts.ts";
import { type FindingText, sayFinding } from "../../src/core/finding-words.ts";
import { findings as germanFindings } from "../../web/src/text/de/findings.ts";

const worker = { worker: "worker-7", host: "host-1", pid: 4_711 };

/** A finding of each kind; what is to be read in its words is a text or a number of its own. */
const samples: { readonly [Code in FindingCode]: FindingFacts[Code] } = {
  "database-unreachable": { message: "refused" },
  "database-unusable": { error: "STORAGE_FAILED", message: "no such database" },
  "database-read-only": { message: "a standby" },
  "writer-held": {},
  "schema-out-of-date": { current: 41, latest: 42 },
  "schema-too-new": { message: "too new" },
  "schema-changed": { message: "another content" },
  "schema-incomplete": { missing: ["table queue", "index live_ready"] },
  "permission-missing": { user: "app", lacking: ["DELETE on live_0"] },
  "migrate-forbidden": { user: "app" },
  "truncate-forbidden": { user: "app" },
  "clock-skewed": { aheadMs: 3_000 },
  "connections-scarce": { limit: "max_connections", most: 97, used: 90 },
  "connections-overbooked": { limit: "the role app", most: 40, processes: 3, perProcess: 16 },
  "durability-off": { settings: ["fsync = off"] },
  "vacuum-off": {},
  "snapshot-old": {
    kind: "session",
    name: "815",
    who: "psql, user app",
    ageMs: 7_200_000,
    transactions: 12,
  },
  "slot-inactive": { name: "standby_gone", bytes: 1_048_576, pins: true },
  "live-bloated": { jobs: 11, deadRows: 12, indexBytes: 1_048_576 },
  "file-replaced": { path: "jobs.db" },
  "network-file-system": { path: "jobs.db", network: "NFS" },
  "wal-large": { path: "jobs.db", walBytes: 67_108_864 },
  "wakeups-dead": { why: "it was late" },
  "notify-queue-full": { share: 0.75 },
  "worker-silent": { ...worker, lastBeatMs: 20_000, leaseMs: 30_000 },
  "worker-lagging": { ...worker, lagMs: 5_000 },
  "maintenance-failing": { worker: "worker-7", pass: "prune", error: "disk full" },
  "jobs-abandoned": { jobs: 23, atLeast: true },
  "queue-unserved": { queue: "exports", jobs: 23, atLeast: true },
  "handler-missing": {
    queue: "exports",
    name: "send-mail",
    version: 3,
    jobs: 23,
    atLeast: true,
    workers: ["worker-7"],
    known: true,
  },
  "jobs-overdue": { jobs: 23, atLeast: true, oldestMs: 60_000 },
  "ticks-missed": { schedule: "nightly", lateMs: 120_000 },
  "schedule-failing": { schedule: "nightly", tries: 23, error: "UNIQUE_CONFLICT", message: "held" },
  "key-hot": { name: "send-mail", key: "order-7", uses: 230, spanMs: 2_000 },
  "lane-crowded": { lane: "customer-7", jobs: 2_300, atLeast: true },
};

const codes = Object.keys(samples) as FindingCode[];
const say = {
  duration: (ms: number) => `${ms} ms`,
  bytes: (bytes: number) => `${bytes} B`,
  number: String,
  percent: (share: number) => `${share * 100} %`,
  list: (names: readonly string[]) => names.join(", "),
};
const languages = { English: englishFindings, German: germanFindings };

test("every kind of finding has words in English and in German", () => {
  expect(codes.toSorted()).toEqual(Object.keys(findingCatalogue).toSorted());
  for (const words of Object.values(languages)) {
    expect(Object.keys(words).toSorted()).toEqual(codes.toSorted());
  }
  for (const { title } of Object.values(germanFindings)) expect(title).toMatch(/^\p{Lu}.*[^.]$/u);
});

describe.each(Object.entries(languages))("in %s", (_, words) => {
  test.each(codes)("%s names what was seen, and says what to do in a sentence", (code) => {
    const facts = samples[code];
    const text = words[code] as FindingText<typeof facts>;
    const { detail, fix } = sayFinding(text, facts, say);
    const said = `${detail} ${fix}`;
    expect(said).not.toMatch(/undefined|NaN|\[object/);
    expect(fix).toMatch(/\.$/);
    for (const fact of namesIn(facts)) expect(said).toContain(fact);
    if ("atLeast" in facts) expect(said).toMatch(/^(At least|Mindestens) /);
  });
});

/** The texts and numbers of a finding, but for its times and sizes, which are written in units. */
function namesIn(facts: object): readonly string[] {
  const names = Object.entries(facts).filter(
    ([name]) => !/Ms$|[bB]ytes$|^kind$|^share$/.test(name),
  );
  return names.flatMap(([, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((each) => typeof each === "string" || typeof each === "number")
      .map(String),
  );
}
