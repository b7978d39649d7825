import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "../../test/support/free-port.ts";
import { treeCpuSeconds } from "./cpu-time.ts";
import type { Place } from "./place.ts";

const noServer = "no redis-server on this machine";

/** A Redis of our own that appends to its file and has it synced every second. */
export async function startRedisPlace(): Promise<Place> {
  const { stdout } = spawnSync("redis-server", ["--version"], { encoding: "utf8" });
  const version = /v=([\d.]+)/.exec(stdout ?? "")?.[1];
  if (version === undefined) throw new Error(noServer);
  const folder = mkdtempSync(path.join(tmpdir(), "holdfast-bench-redis-"));
  const port = await freePort();
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
  const durability = ["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""];
  const child = spawn("redis-server", [...options, ...durability], { stdio: "ignore" });
  // Without a shell that waits for our end, as PostgreSQL has, this is what is left to us.
  process.once("exit", () => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const url = `redis://127.0.0.1:${port}`;
  await untilAnswering(port);
  return {
    backend: "redis",
    version,
    settings: "appendonly yes, appendfsync everysec, no snapshots; TCP on 127.0.0.1",
    async openRoom() {
      await command(port, "FLUSHALL");
      return {
        url,
        settle: async () => {},
        drop: async () => void (await command(port, "FLUSHALL")),
      };
    },
    cpuSeconds: async () => treeCpuSeconds(child.pid ?? 0),
    async stop() {
      child.kill("SIGKILL");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One command in Redis' inline form; answers its first line. */
function command(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, "127.0.0.1", () => socket.write(`${text}\r\n`));
    socket.once("error", reject);
    socket.once("data", (data) => {
      socket.destroy();
      resolve(data.toString().split("\r\n")[0] ?? "");
    });
  });
}

async function untilAnswering(port: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      if ((await command(port, "PING")) === "+PONG") return;
    } catch (error) {
      if (attempt === 100) throw new Error("redis-server did not start", { cause: error });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
