import { readFileSync } from "node:fs";
import { DatabaseSync, StatementSync } from "node:sqlite";

/** A table with fewer rows is read whole by right: pages look at half as many. */
const smallRows = 40_000;
/** Less is hardly told from what stays in SQLite's cache of 2 MB. */
const smallBytes = 4 * 2 ** 20;

/** A statement that was run, and how much of the file it read. */
interface Execution {
  readonly sql: string;
  readonly bytes: number;
}

/** A table or index, and the room it takes. */
interface Tree {
  readonly name: string;
  readonly bytes: number;
  readonly isLarge: boolean;
}

/** Tells of a question which of a file's larger tables and indexes it reads whole. */
export interface SqliteWalks {
  of(ask: () => Promise<unknown>): Promise<readonly string[]>;
  close(): void;
}

/**
 * A plan says which trees a statement begins at an end of, and not where it stops; what it read of the file says that. Reading half
 * or more of all it begins at is walking. On Linux only: elsewhere it finds nothing.
 */
export function openSqliteWalks(file: string): SqliteWalks {
  const database = new DatabaseSync(file, { readOnly: true });
  const trees = treesOf(database);
  return {
    async of(ask) {
      const executed = await watch(ask);
      const walked = executed.flatMap(({ sql, bytes }) => {
        const begun = begunAtAnEnd(database, sql).flatMap((root) => trees.get(root) ?? []);
        const all = begun.reduce((sum, tree) => sum + tree.bytes, 0);
        const large = begun.filter(({ isLarge }) => isLarge);
        if (large.length === 0 || bytes < all / 2) return [];
        const names = new Set(large.map(({ name }) => name));
        return [`${[...names].join(" and ")}: ${(bytes / 2 ** 20).toFixed(0)} MiB`];
      });
      return [...new Set(walked)];
    },
    close: () => database.close(),
  };
}

/** By their root page. */
function treesOf(database: DatabaseSync): ReadonlyMap<number, Tree> {
  const rows = database
    .prepare(
      `SELECT s.rootpage AS root, s.name, s.tbl_name AS tableName, d.pgsize AS bytes
       FROM sqlite_schema s JOIN (SELECT name, pgsize FROM dbstat WHERE aggregate = 1) d USING (name)`,
    )
    .all() as unknown as readonly TreeRow[];
  return new Map(
    rows.map(({ root, name, tableName, bytes }) => {
      const isLarge = bytes >= smallBytes && countRows(database, tableName) > smallRows;
      return [root, { name, bytes, isLarge }];
    }),
  );
}

interface TreeRow {
  readonly root: number;
  readonly name: string;
  readonly tableName: string;
  readonly bytes: number;
}

function countRows(database: DatabaseSync, table: string): number {
  return Number(database.prepare(`SELECT count(*) AS rows FROM "${table}"`).get()?.["rows"]);
}

/** The root pages of what a statement goes through from the first or the last entry on, once for each time it does. */
function begunAtAnEnd(database: DatabaseSync, sql: string): readonly number[] {
  const steps = database.prepare(`EXPLAIN ${sql}`).all() as unknown as readonly {
    readonly opcode: string;
    readonly p1: number;
    readonly p2: number;
  }[];
  const cursorsAt = (...opcodes: readonly string[]) =>
    new Set(steps.filter(({ opcode }) => opcodes.includes(opcode)).map(({ p1 }) => p1));
  const begun = cursorsAt("Rewind", "Last");
  const gone = cursorsAt("Next", "Prev");
  const counted = cursorsAt("Count");
  const isWalked = (cursor: number) =>
    counted.has(cursor) || (begun.has(cursor) && gone.has(cursor));
  return steps
    .filter(({ opcode, p1 }) => opcode === "OpenRead" && isWalked(p1))
    .map(({ p2 }) => p2);
}

const executions: Execution[] = [];
let watching = false;

async function watch(ask: () => Promise<unknown>): Promise<readonly Execution[]> {
  executions.length = 0;
  watching = true;
  try {
    await ask();
    return [...executions];
  } finally {
    watching = false;
  }
}

for (const way of ["all", "get"] as const) {
  const run = StatementSync.prototype[way];
  StatementSync.prototype[way] = function (this: StatementSync, ...params: unknown[]) {
    if (!watching) return Reflect.apply(run, this, params) as never;
    const before = bytesRead();
    const rows: unknown = Reflect.apply(run, this, params);
    executions.push({ sql: this.sourceSQL, bytes: bytesRead() - before });
    return rows as never;
  };
}

/** What this process has read of files so far. */
function bytesRead(): number {
  try {
    return Number(/^rchar: (\d+)/.exec(readFileSync("/proc/self/io", "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
