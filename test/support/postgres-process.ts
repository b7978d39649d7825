import { type ChildProcess, spawn } from "node:child_process";
import { Socket } from "node:net";
import path from "node:path";
import { childrenOf, signalTree } from "./process-tree.ts";
import type { Account } from "./postgres-binaries.ts";

/** What is needed to start the same server again: its files, its place and its settings. */
export interface ServerPlan {
  readonly workFolder: string;
  readonly bin: string;
  readonly account: Account;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
}

/** How a server goes down: `fast` ends its sessions in order, `immediate` is a crash it must recover from. */
export type StopMode = "fast" | "immediate";

/** One life of a server, from start to stop. */
export interface PostgresProcess {
  /** The server's newest log lines. */
  log(): string;
  /** Freezes or thaws the server and all its sessions. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void;
  /** Stops the server and keeps its files. */
  stop(mode: StopMode): Promise<void>;
  /** Stops the server and removes its files. */
  destroy(): Promise<void>;
}

/**
 * A shell holds our pipe. A word on it is an order to stop; its end, however this process died, SIGKILL
 * too, means that the server and its files shall go. SIGQUIT also ends sessions that are frozen.
 */
const guard = `
"$@" </dev/null & server=$!
read -r order
kill -CONT $server 2>/dev/null
if [ "$order" = fast ]; then kill -INT $server; else kill -QUIT $server; fi 2>/dev/null
wait $server
if [ -z "$order" ]; then rm -rf "$HOLDFAST_PG_FOLDER"; fi
`;

/** Starts the server and waits until it answers; throws its log when it does not. */
export async function launch(plan: ServerPlan): Promise<PostgresProcess> {
  const child = spawnGuarded(plan);
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const log = await untilReady(child, exited);
  // From here on only `stop` and `destroy` wait for it: it must not keep a finished test run alive.
  unref(child);

  const end = async (order: string) => {
    child.ref();
    child.stdin?.end(order);
    await exited;
  };
  const serverPid = () => childrenOf(child.pid ?? 0)[0];
  return {
    log,
    signal(signal) {
      const pid = serverPid();
      if (pid === undefined) throw new Error(`PostgreSQL is gone: ${log()}`);
      signalTree(pid, signal);
    },
    stop: (mode) => end(`${mode}\n`),
    destroy: () => end(""),
  };
}

function spawnGuarded(plan: ServerPlan): ChildProcess {
  const settings = Object.entries(plan.settings).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
  const server = [path.join(plan.bin, "postgres"), "-D", path.join(plan.workFolder, "data")];
  return spawn("/bin/sh", ["-c", guard, "sh", ...server, "-p", String(plan.port), ...settings], {
    ...plan.account,
    env: { ...serverEnvironment(plan.workFolder), HOLDFAST_PG_FOLDER: plan.workFolder },
    cwd: "/",
    stdio: ["pipe", "ignore", "pipe"],
  });
}

/** The environment of every PostgreSQL program: no locale or time zone of this machine. */
export function serverEnvironment(workFolder: string): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: "C", HOME: workFolder, TZ: "UTC" };
}

async function untilReady(child: ChildProcess, exited: Promise<void>): Promise<() => string> {
  let log = "";
  let ready = false;
  const answered = new Promise<void>((resolve) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-20_000);
      if (ready) return;
      ready = log.includes("ready to accept connections");
      if (ready) resolve();
      // Later such lines are routine, before the first answer they mean that there will be none, unless they are what
      // a client hears that came too early.
      else if (/(?:FATAL|PANIC):(?! +the database system is)/.test(log)) {
        child.stdin?.end("immediate\n");
      }
    });
  });
  await Promise.race([answered, exited]);
  if (!ready) throw new Error(`PostgreSQL did not start: ${log}`);
  return () => log;
}

function unref(child: ChildProcess): void {
  child.unref();
  // A child's pipes are sockets, which also count as work to wait for.
  for (const pipe of [child.stdin, child.stderr]) if (pipe instanceof Socket) pipe.unref();
}
