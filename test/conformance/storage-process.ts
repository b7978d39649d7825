import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Storage } from "../../src/storage/contract/storage.ts";
import type { Listening, WakeupListener } from "../../src/storage/contract/wakeup.ts";

/** Another process that opens storages of SQLite files and makes calls on them when told to. */
export interface StorageProcess {
  /** Opens a file there. What takes or gives functions does not work from here, but for listening. */
  open(file: string): Promise<Storage>;
  /** Ends it with SIGKILL: nothing is finished or closed there. */
  kill(): Promise<void>;
}

type Reply =
  | { readonly call: number; readonly value?: unknown; readonly error?: object }
  | {
      readonly listener: number;
      readonly hint: "onWork" | "onCancel" | "onOrders";
      readonly names: string[];
    };

interface Caller {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

const program = fileURLToPath(new URL("storage-process.mjs", import.meta.url));

/** Starts a process. */
export function startStorageProcess(): StorageProcess {
  const child = fork(program, { serialization: "advanced" });
  const callers = new Map<number, Caller>();
  const listeners = new Map<number, WakeupListener>();
  let calls = 0;
  let storages = 0;
  child.on("message", (reply: Reply) => {
    if ("listener" in reply) return listeners.get(reply.listener)?.[reply.hint]?.(reply.names);
    const caller = callers.get(reply.call);
    callers.delete(reply.call);
    if (reply.error === undefined) caller?.resolve(reply.value);
    else caller?.reject(Object.assign(new Error(), reply.error));
  });
  child.on("exit", () => {
    for (const { reject } of callers.values()) reject(new Error("The process has ended."));
  });

  function order(storage: number, method: string, args: readonly unknown[], call = ++calls) {
    return new Promise<unknown>((resolve, reject) => {
      callers.set(call, { resolve, reject });
      child.send({ call, storage, method, args });
    });
  }

  async function listen(storage: number, listener: WakeupListener): Promise<Listening> {
    const call = ++calls;
    listeners.set(call, listener);
    await order(storage, "listen", [], call);
    return {
      waitFor: async (queues) => (await order(storage, "waitFor", [call, queues])) === true,
      stop: async () => void (await order(storage, "stop", [call])),
    };
  }

  return {
    async open(file) {
      const id = ++storages;
      await order(id, "open", [file]);
      return remote((method, args) =>
        method === "listen" ? listen(id, args[0] as WakeupListener) : order(id, method, args),
      );
    },
    kill: () => end(child),
  };
}

/** A storage whose every method is a call in the other process. */
function remote(call: (method: string, args: readonly unknown[]) => Promise<unknown>): Storage {
  const methods = new Proxy<object>(
    {},
    {
      get: (_target, method) =>
        // A promise that resolves to a storage asks whether it is itself a promise.
        method === "then" ? undefined : (...args: unknown[]) => call(String(method), args),
    },
  );
  return methods as Storage;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}
