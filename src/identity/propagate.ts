import { kindOf } from "../core/check-options.ts";
import { HoldfastError } from "../core/errors.ts";

/** Something with headers that are set one by one: `Headers`, the metadata of gRPC, a Map. */
export interface SettableHeaders {
  set(name: string, value: string): unknown;
}

/** A request of `node:http` under way, or anything else with `setHeader`. */
export interface OutgoingRequest {
  setHeader(name: string, value: string): unknown;
}

/** What describes a request that is yet to be made: the options of `fetch` or of `http.request`. */
export interface RequestPlan {
  headers?: unknown;
}

/** What an identity can be put on. */
export type Propagatable = SettableHeaders | OutgoingRequest | RequestPlan | RequestInit;

/** Header names are written small, as HTTP/2 and gRPC want them. */
export type HeaderValues = Readonly<Record<string, string>>;

/**
 * Sets headers on a request of any known shape, replacing those of the same names.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for anything that takes no headers.
 */
export function setHeaders(request: Propagatable, values: HeaderValues): void {
  const set = setterOf(request);
  for (const [name, value] of Object.entries(values)) set(name, value);
}

type Setter = (name: string, value: string) => void;

function setterOf(request: unknown): Setter {
  if (typeof request !== "object" || request === null) throw unknownShape(request);
  if (hasMethod(request, "setHeader")) return (name, value) => void request.setHeader(name, value);
  if (hasMethod(request, "set")) return (name, value) => void request.set(name, value);
  if (!isPlan(request)) throw unknownShape(request);
  const { headers } = request;
  if (headers === undefined || headers === null) {
    const fresh: Record<string, string> = {};
    request.headers = fresh;
    return (name, value) => void (fresh[name] = value);
  }
  if (typeof headers !== "object") throw unknownShape(request);
  if (hasMethod(headers, "set")) return (name, value) => void headers.set(name, value);
  return Array.isArray(headers)
    ? (name, value) => setInList(headers as unknown[], name, value)
    : (name, value) => setInRecord(headers as Record<string, unknown>, name, value);
}

function setInRecord(headers: Record<string, unknown>, name: string, value: string): void {
  for (const other of Object.keys(headers)) {
    if (other.toLowerCase() === name) Reflect.deleteProperty(headers, other);
  }
  Reflect.set(headers, name, value);
}

/** A list of pairs, as `fetch` takes it. */
function setInList(headers: unknown[], name: string, value: string): void {
  const others = headers.filter(
    (pair) => !Array.isArray(pair) || String(pair[0]).toLowerCase() !== name,
  );
  headers.splice(0, headers.length, ...others, [name, value]);
}

/** A `Request` has headers, and so may a plain object; a class of another kind would hide its mistake. */
function isPlan(value: object): value is RequestPlan {
  const prototype: unknown = Object.getPrototypeOf(value);
  return "headers" in value || prototype === Object.prototype || prototype === null;
}

function hasMethod<Name extends string>(
  value: object,
  name: Name,
): value is Record<Name, (name: string, value: string) => unknown> {
  return typeof Reflect.get(value, name) === "function";
}

function unknownShape(value: unknown): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    `auth.propagate takes a Request, Headers, the options of fetch or http.request, a request of node:http, or gRPC Metadata; got ${kindOf(value)}.`,
  );
}
