import { parseArgs } from "node:util";
import { checkFile } from "../json-file.ts";
import { type DashboardBackend, dashboardTarget } from "../report/dashboard-run.ts";
import { UsageError } from "../usage-error.ts";

/** What is measured, beside how much, and where the figures go besides the terminal. */
export interface DashboardPlan {
  readonly on: readonly DashboardBackend[];
  readonly finished: Readonly<Record<DashboardBackend, number>>;
  readonly waiting: number;
  readonly rounds: number;
  readonly json: string | undefined;
  readonly save: boolean;
}

const usage = `usage: npm run bench:dashboard -- [options]
  --on a,b       postgres, sqlite; default both
  --finished N   finished jobs; default 10000000 on PostgreSQL, 1000000 on SQLite
  --waiting N    jobs that wait; default 100000
  --rounds N     how often each question is asked; default 20
  --json FILE    write the figures there
  --save         write the run into bench/results, and the pages that tell of it`;

/** @throws {UsageError} for an unknown option or value. */
export function readDashboardOptions(args: readonly string[]): DashboardPlan {
  const values = parse(args);
  const on = (values.on ?? "postgres,sqlite").split(",");
  const unknown = on.find((name) => !isBackend(name));
  if (unknown !== undefined) throw wrong(`--on takes postgres and sqlite; got ${unknown}`);
  return {
    on: on.filter(isBackend),
    finished: {
      postgres: count("finished", values.finished, dashboardTarget.finished.postgres),
      sqlite: count("finished", values.finished, dashboardTarget.finished.sqlite),
    },
    waiting: count("waiting", values.waiting, dashboardTarget.waiting),
    rounds: count("rounds", values.rounds, 20),
    json: checkFile(values.json),
    save: values.save === true,
  };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const numbers = { finished: text, waiting: text, rounds: text };
  const options = { on: text, ...numbers, json: text, save: { type: "boolean" } } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function wrong(why: string): UsageError {
  return new UsageError(`${why}\n${usage}`);
}

function isBackend(name: string): name is DashboardBackend {
  return name === "postgres" || name === "sqlite";
}

function count(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw wrong(`--${name} must be a whole number of at least 1; got ${JSON.stringify(text)}`);
}
