/** What Holdfast keeps of an error: plain JSON, bounded in size, whatever was thrown. */
export interface StoredError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: StoredError;
  /** The members of an `AggregateError`. */
  readonly errors?: readonly StoredError[];
}

const limits = { name: 255, text: 8_192, errors: 16, allText: 32_768 } as const;

/**
 * Describes anything that can be thrown, without ever throwing itself: errors with their stack, code and
 * causes; `undefined`, strings, cyclic objects and hostile proxies by what they are.
 */
export function storeError(thrown: unknown): StoredError {
  return describe(thrown, [], { errors: limits.errors - 1, text: limits.allText });
}

/**
 * Builds an `Error` from a stored one, with its name, message, stack, code and causes.
 */
export function restoreError(stored: StoredError): Error {
  const cause = stored.cause === undefined ? undefined : { cause: restoreError(stored.cause) };
  const error =
    stored.errors === undefined
      ? new Error(stored.message, cause)
      : new AggregateError(stored.errors.map(restoreError), stored.message, cause);
  Object.defineProperty(error, "name", { value: stored.name, configurable: true });
  error.stack = stored.stack ?? `${stored.name}: ${stored.message}`;
  if (stored.code !== undefined) Object.defineProperty(error, "code", { value: stored.code });
  return error;
}

/** A bearer token: libraries put the request that failed into their words. */
const bearer = /\b(Bearer )[\w.~+/=-]{16,}/gi;

/** How many errors and characters one stored error may still take. */
interface Room {
  errors: number;
  text: number;
}

function describe(thrown: unknown, parents: readonly unknown[], room: Room): StoredError {
  try {
    return isErrorLike(thrown)
      ? describeError(thrown, parents, room)
      : { name: "NonErrorThrown", message: take(readable(thrown), limits.text, room) };
  } catch {
    return { name: "UnreadableError", message: "Something was thrown that cannot be read." };
  }
}

interface ErrorLike {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly stack?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

function isErrorLike(thrown: unknown): thrown is ErrorLike {
  return (
    thrown instanceof Error ||
    (typeof thrown === "object" && thrown !== null && "message" in thrown && "stack" in thrown)
  );
}

function describeError(error: ErrorLike, parents: readonly unknown[], room: Room): StoredError {
  const { code, stack, cause, errors } = error;
  const own = {
    name: take(error.name, limits.name, room) || "Error",
    message: take(error.message, limits.text, room),
    ...(typeof code === "string" || typeof code === "number"
      ? { code: take(code, limits.name, room) }
      : {}),
    ...(typeof stack === "string" ? { stack: take(stack, limits.text, room) } : {}),
  };
  const inside = [...parents, error];
  const hasCause = cause !== undefined && cause !== null;
  const members = Array.isArray(errors) ? errors.slice(0, limits.errors) : undefined;
  const causes = describeAll(hasCause ? [cause] : [], inside, room);
  return {
    ...own,
    ...(causes[0] === undefined ? {} : { cause: causes[0] }),
    ...(members === undefined ? {} : { errors: describeAll(members, inside, room) }),
  };
}

/** Leaves out errors that contain themselves, and what there is no room for. */
function describeAll(
  thrown: readonly unknown[],
  parents: readonly unknown[],
  room: Room,
): readonly StoredError[] {
  return thrown.flatMap((inner) => {
    if (room.errors === 0 || parents.includes(inner)) return [];
    room.errors -= 1;
    return [describe(inner, parents, room)];
  });
}

function readable(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  if (typeof thrown === "function") return `function ${thrown.name}`;
  if (typeof thrown !== "object" || thrown === null) return String(thrown);
  try {
    return JSON.stringify(thrown) ?? Object.prototype.toString.call(thrown);
  } catch {
    return `${Object.prototype.toString.call(thrown)} with keys ${Object.keys(thrown).join(", ")}`;
  }
}

/** Text both databases can keep: no NUL, no half of a surrogate pair, no longer than the limit and the room left. */
function take(value: unknown, limit: number, room: Room): string {
  const taken = (value === undefined ? "" : readable(value))
    .replace(bearer, "$1***")
    .slice(0, Math.min(limit, room.text))
    .replace(/\u0000|\p{Surrogate}/gu, "\uFFFD");
  room.text -= taken.length;
  return taken;
}
