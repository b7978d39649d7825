import type { Prediction } from "./predict.ts";
import { usualSetup, type WhatIf } from "./what-if.ts";

type Rung = Pick<
  typeof usualSetup,
  "workers" | "serverCores" | "flushMs" | "logMegabytesPerSecond"
>;

/** One step on the way up: what there is, what it carries, and what is in short supply. */
export interface Step {
  readonly setup: Rung;
  readonly prediction: Prediction;
  /** What the next step has more of; null at the end of the road. */
  readonly next: string | null;
}

const mostWorkers = 64;
const mostCores = 64;
const mostLogMegabytes = 4_000;
const mostSteps = 20;

/** Begins small and gives, step by step, more of what is short, until one server cannot be had any bigger. */
export function climb(whatIf: WhatIf): readonly Step[] {
  const steps: Step[] = [];
  let setup: Rung | undefined = {
    workers: 1,
    serverCores: 4,
    flushMs: usualSetup.flushMs,
    logMegabytesPerSecond: usualSetup.logMegabytesPerSecond,
  };
  while (setup !== undefined && steps.length < mostSteps) {
    const prediction = whatIf(setup);
    const relief: Relief | undefined = reliefOf(setup, prediction);
    steps.push({ setup, prediction, next: relief?.words ?? null });
    setup = relief?.setup;
  }
  return steps;
}

interface Relief {
  readonly words: string;
  readonly setup: Rung;
}

function reliefOf(setup: Rung, { bottleneck }: Prediction): Relief | undefined {
  const { workers, serverCores, logMegabytesPerSecond } = setup;
  if (bottleneck === "server cores") {
    if (serverCores >= mostCores) return undefined;
    return { words: "a bigger server", setup: { ...setup, serverCores: serverCores * 2 } };
  }
  if (bottleneck === "log device") {
    if (logMegabytesPerSecond >= mostLogMegabytes) return undefined;
    const faster = { ...setup, logMegabytesPerSecond: logMegabytesPerSecond * 2 };
    return { words: "a disk that writes faster", setup: { ...faster, flushMs: setup.flushMs / 2 } };
  }
  if (workers >= mostWorkers) return undefined;
  return { words: "more workers", setup: { ...setup, workers: workers * 2 } };
}
