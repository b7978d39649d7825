import { HoldfastError } from "../core/errors.ts";
import { faultOf } from "./check-json.ts";
import { isDeeper } from "./json/is-deeper.ts";
import type { Route, Schema } from "./route.ts";

/** The most bytes a body may have: a payload of a job, with every character of it escaped. */
const maxBodyBytes = 2 * 1024 * 1024;
/** Deeper than the body of any action; payloads are text in it. */
const maxBodyDepth = 16;

const noBody: Schema = { type: "object", additionalProperties: false };

/**
 * The body of an action, as its route takes it.
 *
 * @throws {HoldfastError} `REQUEST_INVALID`, `REQUEST_TOO_LARGE`.
 */
export async function readBody(request: Request, { body = noBody }: Route): Promise<unknown> {
  const text = await readText(request);
  const value = parse(text.trim() === "" ? "{}" : text);
  const fault = faultOf(body, value, "body");
  if (fault !== undefined) throw invalid(fault);
  return value;
}

/**
 * Checks the parameters of a query that a route declares.
 *
 * @throws {HoldfastError} `REQUEST_INVALID`.
 */
export function checkQuery(query: URLSearchParams, route: Route): void {
  for (const [name, schema] of Object.entries(route.query ?? {})) {
    const text = query.get(name);
    const fault = text === null ? undefined : faultOf(schema, valueOf(text, schema), name);
    if (fault !== undefined) throw invalid(fault);
  }
}

/** What is too large is left where it is: ending it would end the connection before the answer. */
async function readText({ body, headers }: Request): Promise<string> {
  if (Number(headers.get("content-length") ?? 0) > maxBodyBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = (body as ReadableStream<Uint8Array> | null)?.getReader();
  for (;;) {
    const chunk = await reader?.read().catch(cutOff);
    if (chunk?.value === undefined) break;
    bytes += chunk.value.length;
    if (bytes > maxBodyBytes) throw tooLarge();
    chunks.push(chunk.value);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function cutOff(): never {
  throw invalid("the body has ended before its end");
}

function tooLarge(): HoldfastError {
  const message = `A body may have ${maxBodyBytes} bytes. Send less.`;
  return new HoldfastError("REQUEST_TOO_LARGE", message);
}

function parse(text: string): unknown {
  if (isDeeper(text, maxBodyDepth)) {
    throw invalid(`body must not be nested deeper than ${maxBodyDepth} levels`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("body must be JSON");
  }
}

function valueOf(text: string, { type }: Schema): unknown {
  if ((type === "integer" || type === "number") && /^-?\d+(\.\d+)?$/.test(text))
    return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

function invalid(fault: string): HoldfastError {
  return new HoldfastError("REQUEST_INVALID", `The request does not fit: ${fault}.`);
}
