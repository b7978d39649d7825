import type { HealthAnswer } from "../../../../src/dashboard/wire/health.ts";

type Pass = HealthAnswer["passes"][number];

/** One pass of the maintenance, of a worker or of all of them together. */
export interface PassSummary {
  readonly name: string;
  /** How many workers do it. */
  readonly workers: number;
  /** The run that began last. */
  readonly last: Pick<Pass, "ranAt" | "tookMs" | "rows">;
  /** The runs of all of them, and what they moved or removed. */
  readonly runs: number;
  readonly total: number;
  /** What failed last, by the id of the worker. */
  readonly errors: readonly { readonly worker: string; readonly error: string }[];
}

/** Puts together what workers say of their passes; of one worker only when its id is given. */
export function summarisePasses(
  passes: readonly Pass[],
  worker: string | undefined,
): readonly PassSummary[] {
  const among = passes.filter((pass) => worker === undefined || pass.worker === worker);
  const names = [...new Set(among.map(({ name }) => name))];
  return names.map((name) =>
    summary(
      name,
      among.filter((pass) => pass.name === name),
    ),
  );
}

function summary(name: string, same: readonly Pass[]): PassSummary {
  return {
    name,
    workers: same.length,
    last: same.reduce((newest, pass) => (pass.ranAt > newest.ranAt ? pass : newest)),
    runs: sum(same.map(({ runs }) => runs)),
    total: sum(same.map(({ total }) => total)),
    errors: same.flatMap((pass) =>
      pass.error === null ? [] : [{ worker: pass.worker, error: pass.error }],
    ),
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
