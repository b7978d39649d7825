import { checkOptions, isName, oneOf, rule } from "./check-options.ts";
import { type Duration, parseDuration } from "./duration.ts";
import { HoldfastError } from "./errors.ts";
import { encodeJson, type JsonRole } from "./json.ts";
import { keyValue } from "./key-value.ts";

/** How long a key is held: until the job has finished, until it starts, or for good. */
export type UniqueWhile = "unfinished" | "waiting" | "ever";

/** A key, or a function of the stored payload that gives it; objects count by their content. */
export type UniqueKey<Input> =
  | string
  | number
  | readonly unknown[]
  | Readonly<Record<string, unknown>>
  | ((payload: Input) => unknown);

interface UniqueBase<Input> {
  /** The key, or a function of the stored payload; objects count by their content. */
  readonly key: UniqueKey<Input>;
  /** Holds the key for at most this long, counted from the enqueue. */
  readonly within?: Duration;
}

/**
 * At most one job per key and definition name.
 * `skip` answers with the holder, `error` throws `UNIQUE_CONFLICT`, `replace` rewrites a holder that does not run.
 */
export type UniqueOptions<Input = unknown> =
  | (UniqueBase<Input> & { readonly while?: UniqueWhile; readonly onConflict?: "skip" | "error" })
  | (UniqueBase<Input> & { readonly while: "waiting"; readonly onConflict: "replace" });

/** A claim on a unique key, as storage takes it. */
export interface UniqueClaim {
  readonly key: string;
  readonly while: UniqueWhile;
  /** When the key becomes free whatever the job does; milliseconds since the epoch, `null` for never. */
  readonly until: number | null;
  readonly onConflict: "skip" | "error" | "replace";
  /** The job begins with the last state of the job that held the key before it. */
  readonly inheritState?: true;
}

const rules = {
  key: rule.any,
  while: oneOf("unfinished", "waiting", "ever"),
  within: rule.any,
  onConflict: oneOf("skip", "error", "replace"),
} as const;

/**
 * Checks unique options once, where they are written.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function checkUnique(options: UniqueOptions<never>): void {
  checkOptions("unique", options, rules);
  if (options.key === undefined) {
    throw new HoldfastError(
      "INVALID_OPTION",
      "unique needs a key: a value or a function of the payload.",
    );
  }
  if (options.onConflict === "replace" && options.while !== "waiting") {
    throw new HoldfastError(
      "INVALID_OPTION",
      'unique: onConflict "replace" rewrites only a job that does not run, so it needs while: "waiting".',
    );
  }
  if (options.within !== undefined) parseDuration(options.within, "unique.within");
}

/**
 * The claim a job makes on its key.
 *
 * @throws {HoldfastError} `INVALID_OPTION` when the key is empty, too long or cannot be written as text.
 */
export function uniqueClaim(
  options: UniqueOptions<never>,
  input: unknown,
  now: number,
): UniqueClaim {
  const value = keyValue("unique.key", options.key, input) ?? "";
  const text = typeof value === "string" ? value : canonical(value);
  if (!isName(text)) {
    throw new HoldfastError(
      "INVALID_OPTION",
      "The unique key must come to 1 to 255 characters without NUL; hash longer keys yourself.",
      { details: { key: String(text).slice(0, 80) } },
    );
  }
  return {
    key: text,
    while: options.while ?? "unfinished",
    until:
      options.within === undefined ? null : now + parseDuration(options.within, "unique.within"),
    onConflict: options.onConflict ?? "skip",
  };
}

const keyRole: JsonRole = {
  called: "unique key",
  invalid: "INVALID_OPTION",
  maxBytes: Number.POSITIVE_INFINITY,
};

/** JSON with sorted keys, so that equal content is an equal key; `undefined` for `undefined`. */
function canonical(value: unknown): string | undefined {
  encodeJson(value, keyRole);
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
