import { writeSync } from "node:fs";
import { Session } from "node:inspector";
import { parentPort, workerData } from "node:worker_threads";
import type { PassReport } from "../core/worker-record.ts";
import type { Heart, HeartModule } from "../storage/contract/presence.ts";
import { type HeartbeatMessage, type HeartbeatPlan, startHeartbeat } from "./heartbeat-loop.ts";
import { selfReport } from "./self-report.ts";
import { monotonicNow, readVitalSigns, type VitalSignsReader } from "./vital-signs.ts";
import { createWedgeWatch } from "./wedge-watch.ts";

/** What the main thread hands over. */
export interface HeartThreadData {
  readonly module: HeartModule;
  readonly plan: HeartbeatPlan;
  readonly vitalSigns: SharedArrayBuffer;
  readonly wedgedAfterMs: number;
  readonly graceMs: number;
}

/** What the main thread says later: to end, or how its passes went. */
export type HeartThreadMessage =
  | { readonly kind: "stop" }
  | { readonly kind: "passes"; readonly passes: Readonly<Record<string, PassReport>> };

const wedgedExitCode = 70;
const lookEveryMs = 200;
const lastChanceMs = 1_000;

const data = workerData as HeartThreadData;
const port = parentPort;
if (port !== null) {
  const signs = readVitalSigns(data.vitalSigns);
  let passes: Readonly<Record<string, PassReport>> = {};
  const loop = startHeartbeat({
    plan: data.plan,
    open: () => connect(data.module),
    report: () => selfReport(signs, passes),
    tell: (message: HeartbeatMessage) => port.postMessage(message),
  });
  watchMainLoop(data, signs, () => loop.stop());
  port.on("message", (message: HeartThreadMessage) => {
    if (message.kind === "passes") passes = message.passes;
    else void loop.stop().then(() => process.exit(0));
  });
}

async function connect(module: HeartModule): Promise<Heart> {
  const driver = (await import(module.url)) as { connect(data: unknown): Promise<Heart> };
  return driver.connect(module.data);
}

/** Ends a process whose main loop stands still, so that its jobs are rescued. */
function watchMainLoop(
  { wedgedAfterMs, graceMs }: HeartThreadData,
  signs: VitalSignsReader,
  stopBeating: () => Promise<void>,
): void {
  const watch = createWedgeWatch({ lookEveryMs, wedgedAfterMs, graceMs });
  const timer = setInterval(() => {
    const stuckMs = watch.look(monotonicNow(), signs.lastTurn(), signs.earliestDeadline());
    if (stuckMs === undefined) return;
    clearInterval(timer);
    void stopBeating();
    die(stuckMs, signs.jobIds());
  }, lookEveryMs);
}

/**
 * The main thread cannot log any more, so the last words go straight to stderr. `process.exit` would end this thread only;
 * the debugger's interrupt reaches JavaScript that loops, and a kill whatever does not even hear that.
 */
function die(stuckMs: number, jobs: readonly string[]): void {
  writeSync(
    2,
    `holdfast: the main loop stood still for ${stuckMs} ms while running jobs ${jobs.join(", ")}; ` +
      `ending the process with code ${wedgedExitCode} so that they are rescued\n`,
  );
  setTimeout(() => process.kill(process.pid, "SIGKILL"), lastChanceMs);
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.evaluate", { expression: `process.reallyExit(${wedgedExitCode})` });
}
