import { defaults } from "../../core/defaults.ts";
import type { NewLogLine } from "../../core/log-line.ts";
import type { LogStore } from "../contract/log.ts";
import { logLineOf, type LogRow } from "../shared/log-row.ts";
import type { Connection } from "./connection.ts";
import { numberArray, textArray } from "./engine/array-literal.ts";
import { idOf } from "./rows.ts";

/** What jobs wrote to their logs. */
export function createLogStore({ schema, read, idempotent }: Connection): LogStore {
  return {
    async appendLog(lines) {
      if (lines.length > 0) await idempotent(appendStatement(schema), paramsOf(lines));
    },
    async readLog(job, limit) {
      const sql = `SELECT at::text, level, message, fields::text, attempt, run FROM ${schema}.joblog
        WHERE job = $1 ORDER BY run DESC, line DESC LIMIT $2`;
      return (await read<LogRow>(sql, [idOf(job), limit])).map(logLineOf).toReversed();
    },
  };
}

function paramsOf(lines: readonly NewLogLine[]): readonly unknown[] {
  const numbers = (value: (line: NewLogLine) => number | string | null) =>
    numberArray(lines.map(value));
  const texts = (value: (line: NewLogLine) => string | null) => textArray(lines.map(value));
  return [
    numbers(({ job }) => idOf(job)),
    numbers(({ run }) => run),
    numbers(({ place }) => place),
    numbers(({ line }) => line),
    numbers(({ at }) => at),
    numbers(({ attempt }) => attempt),
    texts(({ level }) => level),
    texts(({ message }) => message),
    texts(({ fields }) => fields),
  ];
}

/**
 * Index walked: the primary keys of the job tables, once for each job, then joblog's. Rows locked: the lines written over, and
 * those of runs long gone; only the worker that has the job writes either. Race: a job that is deleted at this moment may leave
 * lines nobody sees.
 */
function appendStatement(schema: string): string {
  const columns = "job, run, place, line, at, attempt, level, message, fields";
  return `
    WITH given AS MATERIALIZED (
      SELECT * FROM unnest($1::bigint[], $2::integer[], $3::smallint[], $4::integer[], $5::bigint[], $6::integer[],
        $7::text[], $8::text[], $9::text[]) AS given(${columns})
    ), known AS MATERIALIZED (
      SELECT job, max(run) - ${defaults.attemptsKept} AS old FROM given GROUP BY job
      HAVING EXISTS (SELECT FROM ${schema}.jobs WHERE jobs.id = given.job)
    ), forgotten AS (
      DELETE FROM ${schema}.joblog l USING known WHERE l.job = known.job AND l.run <= known.old
    )
    INSERT INTO ${schema}.joblog (${columns})
    SELECT ${columns.replace("fields", "fields::json")} FROM given WHERE job IN (SELECT job FROM known)
    ON CONFLICT (job, run, place) DO UPDATE SET line = excluded.line, at = excluded.at, level = excluded.level,
      message = excluded.message, fields = excluded.fields`;
}
