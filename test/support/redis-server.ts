import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { freePort } from "./free-port.ts";

/** A Redis of its own, which keeps nothing. */
export interface RedisServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** True when this machine has `redis-server`; says so loudly when it has not. */
export function hasRedis(): boolean {
  const found = spawnSync("redis-server", ["--version"]).status === 0;
  if (!found) {
    console.warn(
      "\nNO redis-server HERE: what is about Redis is NOT TESTED. Install it: apt-get install redis-server\n",
    );
  }
  return found;
}

/** Starts `redis-server` on a free port. It ends with this process. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const server = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
  const kill = (): void => void server.kill("SIGKILL");
  process.once("exit", kill);
  const ended = once(server, "close");
  await new Promise<void>((resolve, reject) => {
    let said = "";
    server.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (/ready to accept connections/i.test(said)) resolve();
    });
    server.once("close", () => reject(new Error(`redis-server did not start: ${said}`)));
  });
  return {
    url: `redis://127.0.0.1:${port}/0`,
    async stop() {
      process.off("exit", kill);
      kill();
      await ended;
    },
  };
}
