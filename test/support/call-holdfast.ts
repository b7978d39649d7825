import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";

/** How a command line ended. */
export interface HoldfastEnd {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

type Call = (
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
) => HoldfastEnd;

const mostMs = 20_000;
let opened: Call | undefined;

/** Runs the compiled command line in a thread and waits for it, as for a process, which would take most of its time to start. */
export function callHoldfast(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): HoldfastEnd {
  const before = process.cwd();
  process.chdir(cwd);
  try {
    opened ??= openThread();
    return opened(args, env);
  } finally {
    process.chdir(before);
  }
}

function openThread(): Call {
  const { port1: port, port2: its } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(new URL("holdfast-thread.mjs", import.meta.url), {
    workerData: { port: its, done },
    transferList: [its],
  });
  thread.unref();
  port.unref();
  return (args, env) => {
    Atomics.store(done, 0, 0);
    port.postMessage({ args, env });
    const waited = Atomics.wait(done, 0, 0, mostMs);
    const received: { readonly message: HoldfastEnd } | undefined = receiveMessageOnPort(port);
    if (waited !== "timed-out" && received !== undefined) return received.message;
    opened = undefined;
    void thread.terminate();
    throw new Error(`holdfast ${args.join(" ")} did not end.`);
  };
}
