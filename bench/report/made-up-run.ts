import type { BenchRun, NotRun, Remark, Sample } from "../samples.ts";

/** Figures by system and round: `{ "pg-boss": [10, 12] }`. A system on another backend is named `bullmq-redis@redis`. */
export type MadeUpFigures = Readonly<Record<string, readonly number[]>>;

/** Samples of one scenario, for tests. */
export function madeUpSamples(
  scenario: string,
  figures: MadeUpFigures,
  {
    backend = "postgres",
    better = "higher",
  }: { readonly backend?: string; readonly better?: Sample["better"] } = {},
): readonly Sample[] {
  return Object.entries(figures).flatMap(([name, values]) => {
    const [system = "", place = backend] = name.split("@");
    return values.map((value, index) => {
      return { scenario, backend: place, system, unit: "jobs/s", better, round: index + 1, value };
    });
  });
}

/** A run on a machine that does not exist, for tests. */
export function madeUpRun(
  samples: readonly Sample[],
  notRun: readonly NotRun[] = [],
  remarks: readonly Remark[] = [],
): BenchRun {
  const machine = {
    cpus: "Abacus",
    cores: 2,
    memoryGiB: 8,
    node: "v24.0.0",
    postgres: "18.0",
    sqlite: "3.50.0",
    redis: null,
    date: "2026-01-02T10:00:00.000Z",
    commit: "abcdef0",
    versions: { holdfast: "0.1.0", "pg-boss": "12.0.0" },
    settings: { "pg-boss": "batch 500 | 2 workers" },
  };
  return { machine, samples, notRun, remarks };
}
