import { HoldfastError } from "../core/errors.ts";

/** A cron expression, taken apart as far as needed to know what kind it is. */
export interface CronText {
  /** With its nickname, if it was one, spelt out. */
  readonly pattern: string;
  /**
   * True when seconds, minutes and hours are named one by one: it happens at times of day, and so once a day whatever the clocks
   * do. Any other goes by the time that passes.
   */
  readonly fixed: boolean;
}

const nicknames: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/**
 * Reads a cron expression: five fields, six with seconds first, seven with years last.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for any other number of fields and for unknown nicknames.
 */
export function readCron(cron: string): CronText {
  if (cron.startsWith("@")) {
    const pattern = nicknames[cron.toLowerCase()];
    if (pattern !== undefined) return read(pattern);
    throw invalidCron(cron, `it is none of ${Object.keys(nicknames).join(", ")}`);
  }
  return read(cron);
}

function read(pattern: string): CronText {
  const fields = pattern.split(" ");
  if (fields.length < 5 || fields.length > 7) {
    throw invalidCron(
      pattern,
      `it has ${fields.length} of the five fields (minute, hour, day, month, weekday), six with seconds first, seven with years last`,
    );
  }
  const times = fields.length === 5 ? fields.slice(0, 2) : fields.slice(0, 3);
  return { pattern, fixed: !times.some((field) => /[*?/]/.test(field)) };
}

/** What is wrong with an expression. */
export function invalidCron(cron: string, why: string, cause?: unknown): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    `The cron expression ${JSON.stringify(cron.slice(0, 80))} is no use: ${why}.`,
    { details: { option: "cron" }, ...(cause === undefined ? {} : { cause }) },
  );
}
