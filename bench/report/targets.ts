/** What a figure must be. */
export interface Bound {
  readonly direction: "at least" | "at most";
  readonly value: number;
}

/** What one cell of the tables asks for. */
export type Goal = Bound | "report" | "n/a";

/** Holdfast against a peer in one scenario. A peer with presets is met in the better one of each round. */
export interface PeerTarget {
  readonly kind: "peer";
  readonly backend: "postgres" | "sqlite";
  readonly scenario: string;
  readonly peer: string;
  readonly goal: Goal;
}

/** Holdfast against itself in another scenario. */
export interface FlatnessTarget {
  readonly kind: "flatness";
  readonly backend: "postgres" | "sqlite";
  readonly scenario: string;
  readonly baseline: string;
  readonly goal: Bound;
}

/** A figure of Holdfast's that has to keep within a bound. */
export interface AbsoluteTarget {
  readonly kind: "absolute";
  readonly backend: "postgres" | "sqlite";
  readonly scenario: string;
  readonly unit: string;
  readonly goal: Bound;
}

export type Target = PeerTarget | FlatnessTarget | AbsoluteTarget;

const atLeast = (value: number): Bound => ({ direction: "at least", value });
const atMost = (value: number): Bound => ({ direction: "at most", value });

type Row = readonly [scenario: string, ...goals: readonly Goal[]];

const postgresPeers = ["graphile-worker", "pg-boss", "bullmq-redis"];

const postgresRows: readonly Row[] = [
  ["enqueue-1", atLeast(2.5), atLeast(2.5), atLeast(0.5)],
  ["enqueue-32", atLeast(20), atLeast(20), atLeast(1.2)],
  ["enqueue-8-processes", atLeast(2), atLeast(2), "report"],
  ["bulk-100k", atLeast(2), atLeast(3.5), atLeast(4)],
  ["drain-1", atLeast(2), atLeast(3), atLeast(5)],
  ["drain-3", atLeast(1.8), atLeast(3.5), atLeast(6)],
  ["drain-backlog", atLeast(2), atLeast(3), atLeast(5)],
  ["latency-idle-p50", atMost(0.6), atMost(0.5), atMost(1.2)],
  ["latency-idle-p99", atMost(0.6), atMost(0.5), atMost(1.2)],
  ["cpu-per-100k", atMost(0.6), atMost(0.4), "report"],
  ["idle-statements-1", atMost(1), atMost(0.5), "n/a"],
];

const sqlitePeers = ["plainjob", "sidequest"];

const sqliteRows: readonly Row[] = [
  ["enqueue-32", atLeast(5), atLeast(20)],
  ["bulk-100k", atLeast(1.5), atLeast(50)],
  ["drain-1", atLeast(5), atLeast(30)],
  ["latency-idle-p50", atMost(0.5), atMost(0.1)],
];

const backend = "postgres";

const flatness: readonly Target[] = [
  {
    kind: "flatness",
    backend,
    scenario: "drain-backlog",
    baseline: "drain-1",
    goal: atLeast(0.9),
  },
  {
    kind: "flatness",
    backend,
    scenario: "pinned-throughput",
    baseline: "steady-throughput",
    goal: atLeast(0.98),
  },
  {
    kind: "flatness",
    backend,
    scenario: "pinned-claim-buffers",
    baseline: "steady-claim-buffers",
    goal: atMost(2),
  },
  {
    kind: "flatness",
    backend,
    scenario: "pinned-p99",
    baseline: "steady-p99",
    goal: atMost(2),
  },
  { kind: "absolute", backend, scenario: "pinned-live-mb", unit: "MB", goal: atMost(150) },
  { kind: "absolute", backend, scenario: "wal-per-job", unit: "B", goal: atMost(1000) },
  { kind: "absolute", backend, scenario: "drain-in-flight", unit: "x", goal: atLeast(0.9) },
];

/** Every cell of the three tables, in their order. */
export const targets: readonly Target[] = [
  ...against("postgres", postgresPeers, postgresRows),
  ...flatness,
  ...against("sqlite", sqlitePeers, sqliteRows),
];

function against(
  where: PeerTarget["backend"],
  peers: readonly string[],
  rows: readonly Row[],
): readonly PeerTarget[] {
  return rows.flatMap(([scenario, ...goals]) =>
    goals.map((goal, column) => {
      return { kind: "peer", backend: where, scenario, peer: peers[column] ?? "", goal } as const;
    }),
  );
}
