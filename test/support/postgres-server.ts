import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./free-port.ts";
import { findBinaries, unprivilegedAccount } from "./postgres-binaries.ts";
import { launch, type ServerPlan, serverEnvironment, type StopMode } from "./postgres-process.ts";

/** A real PostgreSQL that lives as long as the test that started it. */
export interface PostgresServer {
  readonly url: string;
  log(): string;
  /** Stops the server, waits `downMs` and starts it again with the same files on the same port. */
  restart(options?: { mode?: StopMode; downMs?: number }): Promise<void>;
  /** Freezes the whole server: connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Server settings, as `postgres -c` takes them. */
  readonly settings?: Readonly<Record<string, string>>;
  /** True keeps PostgreSQL's default fsync; the default is speed. */
  readonly durable?: boolean;
}

const folderPrefix = "holdfast-pg-";
const dayMs = 86_400_000;

const baseSettings = {
  max_connections: "200",
  shared_buffers: "64MB",
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  logging_collector: "off",
  timezone: "UTC",
};

/** Commits still reach the operating system, so they outlive a crash of the server, not of the machine. */
const fastSettings = { fsync: "off", full_page_writes: "off" };

/** Starts a server of its own in a temporary folder; needs no installation, and works as root too. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  sweepOldFolders();
  const speed = options.durable === true ? {} : fastSettings;
  const settings = { ...baseSettings, ...speed, ...options.settings };
  const place = createDataFolder();
  try {
    return await startOnFreePort({ ...place, settings });
  } catch (error) {
    rmSync(place.workFolder, { recursive: true, force: true });
    throw error;
  }
}

/** The server that DATABASE_URL names, else one of our own. */
export async function sharedPostgres(): Promise<Pick<PostgresServer, "url" | "stop">> {
  const url = process.env["DATABASE_URL"];
  return url === undefined || url === "" ? startPostgres() : { url, stop: async () => {} };
}

/** A free port can be taken between the probe and the server's start: then another one is tried. */
async function startOnFreePort(place: Omit<ServerPlan, "port">): Promise<PostgresServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await serve({ ...place, port: await freePort() });
    } catch (error) {
      const busy = /could not bind|Address already in use/i.test(String(error));
      if (!busy || attempt === 3) throw error;
    }
  }
}

async function serve(plan: ServerPlan): Promise<PostgresServer> {
  let server = await launch(plan);
  return {
    url: `postgres://postgres@127.0.0.1:${plan.port}/postgres`,
    log: () => server.log(),
    async restart({ mode = "fast", downMs = 0 } = {}) {
      await server.stop(mode);
      await sleep(downMs);
      server = await launch(plan);
    },
    pause: () => server.signal("SIGSTOP"),
    resume: () => server.signal("SIGCONT"),
    stop: () => server.destroy(),
  };
}

function createDataFolder(): Pick<ServerPlan, "workFolder" | "account" | "bin"> {
  const account = unprivilegedAccount();
  const workFolder = mkdtempSync(path.join(tmpdir(), folderPrefix));
  try {
    if (account.uid !== undefined) chownSync(workFolder, account.uid, account.gid ?? account.uid);
    const bin = findBinaries(workFolder, account);
    const place = { workFolder, account, bin };
    initialize(place);
    return place;
  } catch (error) {
    rmSync(workFolder, { recursive: true, force: true });
    throw error;
  }
}

function initialize({
  workFolder,
  account,
  bin,
}: Pick<ServerPlan, "workFolder" | "account" | "bin">) {
  const data = path.join(workFolder, "data");
  const options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
  const { status, error, stderr } = spawnSync(path.join(bin, "initdb"), ["-D", data, ...options], {
    ...account,
    env: serverEnvironment(workFolder),
    cwd: workFolder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`initdb failed: ${stderr}`, { cause: error });
}

/** A run killed while its server was starting leaves a folder behind. */
function sweepOldFolders(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(folderPrefix))) {
    const folder = path.join(tmpdir(), name);
    const made = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made < dayMs) continue;
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // It belongs to another account, whose own runs will remove it.
    }
  }
}
