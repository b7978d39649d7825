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
  if (typeof request !== "object" || request === null || isOther(request)) {
    throw unknownShape(request);
  }
  if (hasMethod(request, "setHeader")) return (name, value) => void request.setHeader(name, value);
  if (hasMethod(request, "set")) return (name, value) => void request.set(name, value);
  if (!isPlan(request)) throw unknownShape(request);
  const { headers } = request;
  if (headers === undefined || headers === null) {
    const fresh: Record<string, string> = {};
    request.headers = fresh;
    return (name, value) => void (fresh[name] = value);
  }
  if (typeof headers !== "object" || isOther(headers)) throw unknownShape(request);
  if (hasMethod(headers, "set")) return (name, value) => void headers.set(name, value);
  if (!Array.isArray(headers)) {
    return (name, value) => setInRecord(headers as Record<string, unknown>, name, value);
  }
  if (!isHeaderList(headers)) throw wrongList();
  return (name, value) => setInList(headers, name, value);
}

function setInRecord(headers: Record<string, unknown>, name: string, value: string): void {
  for (const other of Object.keys(headers)) {
    if (other.toLowerCase() === name) Reflect.deleteProperty(headers, other);
  }
  Reflect.set(headers, name, value);
}

/** A list: of pairs, as `fetch` takes it, or of names and values in turn, as `node:http` does. */
function setInList(headers: unknown[], name: string, value: string): void {
  const isPairs = headers.every(Array.isArray);
  const pairs = isPairs ? (headers as unknown[][]) : pairUp(headers);
  const others = pairs.filter(([other]) => String(other).toLowerCase() !== name);
  const all = [...others, [name, value]];
  headers.splice(0, headers.length, ...(isPairs ? all : all.flat()));
}

function pairUp(headers: readonly unknown[]): unknown[][] {
  return headers.flatMap((each, index) => (index % 2 === 0 ? [[each, headers[index + 1]]] : []));
}

/** A list that is sent as it is makes an error that shows all of it, so a wrong one is refused before a token is in it. */
function isHeaderList(headers: readonly unknown[]): boolean {
  if (headers.every(Array.isArray)) return headers.every((pair) => pair.length === 2);
  return headers.length % 2 === 0 && headers.every((each) => typeof each === "string");
}

/** A `Request` has headers, and so may a plain object; a class of another kind would hide its mistake. */
function isPlan(value: object): value is RequestPlan {
  const prototype: unknown = Object.getPrototypeOf(value);
  return "headers" in value || prototype === Object.prototype || prototype === null;
}

/** What can be set but is no request: a form, bytes, and a response, by which a token would go to whoever asked. */
function isOther(value: object): boolean {
  return (
    value instanceof URLSearchParams ||
    value instanceof FormData ||
    ArrayBuffer.isView(value) ||
    hasMethod(value, "writeHead")
  );
}

function hasMethod<Name extends string>(
  value: object,
  name: Name,
): value is Record<Name, (name: string, value: string) => unknown> {
  return typeof Reflect.get(value, name) === "function";
}

function wrongList(): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    "auth.propagate: headers that are a list must be pairs of a name and a value, or names and values in turn.",
  );
}

function unknownShape(value: unknown): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    `auth.propagate takes a Request, Headers, the options of fetch or http.request, a request of node:http, or gRPC Metadata; got ${kindOf(value)}.`,
  );
}
