import { parseArgs } from "node:util";

/** What is measured, and beside how much. */
export interface DashboardPlan {
  readonly on: readonly ("postgres" | "sqlite")[];
  readonly finished: Readonly<Record<"postgres" | "sqlite", number>>;
  readonly waiting: number;
  readonly rounds: number;
}

export const usage = `usage: npm run bench:dashboard -- [options]
  --on a,b       postgres, sqlite; default both
  --finished N   finished jobs; default 10000000 on PostgreSQL, 1000000 on SQLite
  --waiting N    jobs that wait; default 100000
  --rounds N     how often each page is asked for; default 20`;

/** @throws {Error} for an unknown option or value. */
export function readDashboardOptions(args: readonly string[]): DashboardPlan {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { on: text, finished: text, waiting: text, rounds: text },
  });
  const on = (values.on ?? "postgres,sqlite").split(",");
  const unknown = on.find((name) => !isBackend(name));
  if (unknown !== undefined) throw new Error(`--on takes postgres and sqlite; got ${unknown}`);
  return {
    on: on.filter(isBackend),
    finished: {
      postgres: count("finished", values.finished, 10_000_000),
      sqlite: count("finished", values.finished, 1_000_000),
    },
    waiting: count("waiting", values.waiting, 100_000),
    rounds: count("rounds", values.rounds, 20),
  };
}

function isBackend(name: string): name is "postgres" | "sqlite" {
  return name === "postgres" || name === "sqlite";
}

function count(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new Error(`--${name} must be a whole number of at least 1; got ${JSON.stringify(text)}`);
}
