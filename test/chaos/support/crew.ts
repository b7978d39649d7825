import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { WorkerOrder, WorkerPlan, WorkerReport } from "./messages.ts";
import type { Place } from "./place.ts";
import { until } from "./until.ts";

/** A report, who made it, and when it arrived by the test's monotonic clock. */
export type Seen<Event extends WorkerReport["event"] = WorkerReport["event"]> = Extract<
  WorkerReport,
  { readonly event: Event }
> & { readonly pid: number; readonly at: number };

/** How a worker process ended. */
export interface Death {
  readonly pid: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of its log. */
  readonly log: string;
}

/** A process with one Holdfast worker in it. */
export interface WorkerProcess {
  readonly pid: number;
  readonly ended: Promise<Death>;
  order(order: WorkerOrder): void;
  signal(signal: NodeJS.Signals): void;
}

/** What the processes of a crew have in common. */
export interface CrewPlan {
  readonly size: number;
  readonly options: WorkerPlan["options"];
  /** True replaces every process that dies at once. */
  readonly replace?: boolean;
  /** What the processes run; default this build's worker. */
  readonly program?: string;
  /** A module to load before everything else. */
  readonly preload?: string;
}

/** Worker processes of one database, and what they told. */
export interface Crew {
  /** The processes alive now. */
  alive(): readonly WorkerProcess[];
  /** Those of them whose worker has started. */
  ready(): readonly WorkerProcess[];
  /** What was reported so far, by the dead too, oldest first. */
  readonly reports: readonly Seen[];
  /** Who died so far without having been asked to stop. */
  readonly deaths: readonly Death[];
  /** Stops every process in good order and replaces none. */
  stop(): Promise<void>;
}

const ownProgram = fileURLToPath(new URL("worker.mjs", import.meta.url));
const startMs = 30_000;
const stopMs = 30_000;
const keptLog = 4_000;

/** Starts the processes and waits until each is ready; none outlives the test. */
export async function startCrew(
  place: Pick<Place, "url" | "atEnd">,
  plan: CrewPlan,
): Promise<Crew> {
  const alive = new Set<WorkerProcess>();
  const reports: Seen[] = [];
  const deaths: Death[] = [];
  let stopping = false;

  function hire(): void {
    const child = startProcess(place.url, plan, reports);
    alive.add(child);
    void child.ended.then((death) => {
      alive.delete(child);
      if (stopping) return;
      deaths.push(death);
      if (plan.replace === true) hire();
    });
  }

  place.atEnd(async () => {
    stopping = true;
    const left = [...alive];
    for (const child of left) child.signal("SIGKILL");
    await Promise.all(left.map((child) => child.ended));
  });
  for (let index = 0; index < plan.size; index += 1) hire();
  await until("all workers are ready", startMs, () => {
    if (plan.replace !== true && deaths.length > 0) throw new Error(deaths[0]?.log);
    return reports.filter(({ event }) => event === "ready").length >= plan.size;
  });
  return {
    alive: () => [...alive],
    ready: () => {
      const started = new Set(reportsOf({ reports }, "ready").map(({ pid }) => pid));
      return [...alive].filter(({ pid }) => started.has(pid));
    },
    reports,
    deaths,
    async stop() {
      stopping = true;
      for (const child of alive) child.order({ order: "stop" });
      await until("all workers have stopped", stopMs, () => alive.size === 0);
    },
  };
}

/** The reports of one kind. */
export function reportsOf<Event extends WorkerReport["event"]>(
  crew: Pick<Crew, "reports">,
  event: Event,
): readonly Seen<Event>[] {
  return crew.reports.filter((report) => report.event === event) as Seen<Event>[];
}

function startProcess(
  url: string,
  { options, preload, program = ownProgram }: CrewPlan,
  reports: Seen[],
): WorkerProcess {
  const child = fork(program, {
    // Infinity is an option, and not JSON.
    serialization: "advanced",
    execArgv: preload === undefined ? [] : ["--import", preload],
    env: { ...process.env, HOLDFAST_LOG: "warn" },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const pid = child.pid ?? 0;
  child.on("message", (report: WorkerReport) => {
    reports.push({ ...report, pid, at: performance.now() });
  });
  // A channel to a process that has just died breaks; its end says so.
  child.on("error", () => {});
  child.send({ url, options } satisfies WorkerPlan, () => {});
  return {
    pid,
    ended: endOf(child, pid),
    order: (order) => void child.send(order, () => {}),
    signal: (signal) => void child.kill(signal),
  };
}

function endOf(child: ChildProcess, pid: number): Promise<Death> {
  let log = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-keptLog);
  });
  return new Promise((resolve) => {
    // When its pipes are closed too, everything it said has been heard.
    child.once("close", (code, signal) => resolve({ pid, code, signal, log }));
  });
}
