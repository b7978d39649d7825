import { HoldfastError } from "../core/errors.ts";

/**
 * What a promise gives, if it does so in time. What comes later is dropped.
 *
 * @throws {HoldfastError} `STORAGE_UNAVAILABLE` when it does not.
 */
export async function inTime<Value>(promise: Promise<Value>, limitMs: number): Promise<Value> {
  return soon(promise, limitMs, () => {
    throw new HoldfastError(
      "STORAGE_UNAVAILABLE",
      `The database did not answer within ${limitMs} ms. See whether it is overloaded, and whether the network lets this process through.`,
    );
  });
}

/** What a promise gives, or something else when the time is up before it does. */
export async function soon<Value, Other>(
  promise: Promise<Value>,
  limitMs: number,
  otherwise: () => Other,
): Promise<Value | Other> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof lateMark>((resolve) => {
    timer = setTimeout(() => resolve(lateMark), limitMs);
  });
  try {
    const first = await Promise.race([promise, late]);
    return first === lateMark ? otherwise() : first;
  } finally {
    clearTimeout(timer);
  }
}

const lateMark = Symbol("late");
