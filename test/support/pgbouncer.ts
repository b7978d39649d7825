import { spawn, spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./free-port.ts";
import { unprivilegedAccount } from "./postgres-binaries.ts";

/** True where Debian's pgbouncer, or another one, is on the path. */
export const hasPgbouncer = spawnSync("pgbouncer", ["--version"]).status === 0;

/** Starts a PgBouncer in transaction mode before the server of `url`, with few connections for each database. */
export async function openPgbouncer(
  url: string,
  { servers = 4 }: { readonly servers?: number } = {},
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const account = unprivilegedAccount();
  const folder = mkdtempSync(path.join(tmpdir(), "holdfast-pgbouncer-"));
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid ?? account.uid);
  const port = await freePort();
  const file = path.join(folder, "pgbouncer.ini");
  writeFileSync(file, settings(new URL(url), port, servers));
  const child = spawn("pgbouncer", [file], { ...account, cwd: "/", stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const way = new URL(url);
  way.host = `127.0.0.1:${port}`;
  const close = async () => {
    kill();
    await ended;
    process.off("exit", kill);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilAnswering(port);
  } catch (error) {
    await close();
    throw error;
  }
  return { url: way.href, close };
}

function settings(server: URL, port: number, servers: number): string {
  const { hostname, port: serverPort, username, password } = server;
  const secret = password === "" ? "" : ` password=${decodeURIComponent(password)}`;
  return [
    "[databases]",
    `* = host=${hostname} port=${serverPort || 5432} user=${decodeURIComponent(username)}${secret}`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${port}`,
    "unix_socket_dir =",
    "auth_type = any",
    "pool_mode = transaction",
    `default_pool_size = ${servers}`,
    "max_client_conn = 500",
    "",
  ].join("\n");
}

async function untilAnswering(port: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const answers = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true));
      socket.once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (answers) return;
    if (attempt === 100) throw new Error("pgbouncer did not start");
    await sleep(50);
  }
}
