import { writeSync } from "node:fs";
import { Session } from "node:inspector";
import { parentPort, workerData } from "node:worker_threads";
import type { Heart, HeartModule } from "../storage/contract/presence.ts";
import { type HeartbeatMessage, type HeartbeatPlan, startHeartbeat } from "./heartbeat-loop.ts";
import { monotonicNow, readVitalSigns } from "./vital-signs.ts";
import { createWedgeWatch } from "./wedge-watch.ts";

/** What the main thread hands over. */
export interface HeartThreadData {
  readonly module: HeartModule;
  readonly plan: HeartbeatPlan;
  readonly vitalSigns: SharedArrayBuffer;
  readonly wedgedAfterMs: number;
  readonly graceMs: number;
}

const wedgedExitCode = 70;
const lookEveryMs = 200;
const lastChanceMs = 1_000;

const data = workerData as HeartThreadData;
const port = parentPort;
if (port !== null) {
  const post = (message: HeartbeatMessage): void => port.postMessage(message);
  const loop = startHeartbeat(data.plan, () => connect(data.module), post);
  watchMainLoop(data, () => loop.stop());
  port.once("message", () => {
    void loop.stop().then(() => process.exit(0));
  });
}

async function connect(module: HeartModule): Promise<Heart> {
  const driver = (await import(module.url)) as { connect(data: unknown): Promise<Heart> };
  return driver.connect(module.data);
}

/** Ends a process whose main loop stands still, so that its jobs are rescued. */
function watchMainLoop(
  { vitalSigns, wedgedAfterMs, graceMs }: HeartThreadData,
  stopBeating: () => Promise<void>,
): void {
  const signs = readVitalSigns(vitalSigns);
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
