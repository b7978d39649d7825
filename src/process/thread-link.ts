import { Worker as Thread } from "node:worker_threads";
import type { ChildEars, ChildEnd, ChildLink, Connect } from "./warm-child.ts";

/** A module to run in threads. */
export interface ThreadPlan {
  readonly url: URL;
  readonly execArgv: readonly string[];
  readonly memoryMb: number | undefined;
}

/** Children that are threads: the same lines as a process's, posted as text. */
export function threadLinks(plan: ThreadPlan): Connect {
  return (ears) => connect(plan, ears);
}

function connect(plan: ThreadPlan, ears: ChildEars): ChildLink {
  let thread: Thread;
  try {
    thread = new Thread(plan.url, {
      execArgv: [...plan.execArgv],
      name: "holdfast-job",
      ...(plan.memoryMb === undefined
        ? {}
        : { resourceLimits: { maxOldGenerationSizeMb: plan.memoryMb } }),
    });
  } catch (cause) {
    return unstarted(cause, ears);
  }
  let thrown: { readonly error: unknown } | undefined;
  thread.on("message", (message: unknown) => {
    if (typeof message === "string") ears.line(message);
    else ears.breach("it posted something itself; only serveThread may use the thread's port");
  });
  thread.once("error", (error: unknown) => {
    thrown = { error };
  });
  thread.once("exit", (code) => ears.ended(thrown === undefined ? exited(code) : died(thrown)));
  return {
    send: (line) => thread.postMessage(line),
    // An idle thread has nothing to lose.
    close: () => void thread.terminate(),
    kill: () => void thread.terminate(),
    keepAwake(awake) {
      if (awake) thread.ref();
      else thread.unref();
    },
  };
}

function exited(code: number): ChildEnd {
  return { why: `exited with code ${code}; the thread's file must call serveThread and stay` };
}

function died({ error }: { readonly error: unknown }): ChildEnd {
  const message = error instanceof Error ? error.message : String(error);
  return { why: `ended with an error: ${message}`, cause: error };
}

function unstarted(cause: unknown, ears: ChildEars): ChildLink {
  const message = cause instanceof Error ? cause.message : String(cause);
  queueMicrotask(() => ears.ended({ why: `could not be started (${message})`, cause }));
  return { send() {}, close() {}, kill() {}, keepAwake() {} };
}
