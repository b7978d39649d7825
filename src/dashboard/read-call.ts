import { HoldfastError } from "../core/errors.ts";
import { faultOf } from "./check-json.ts";
import type { Route, Schema } from "./route.ts";

/** The most bytes a body may have: a payload of a job, with every character of it escaped. */
export const maxBodyBytes = 2 * 1024 * 1024;

const noBody: Schema = { type: "object", additionalProperties: false };

/**
 * The body of an action, as its route takes it.
 *
 * @throws {HoldfastError} `REQUEST_INVALID`.
 */
export async function readBody(request: Request, { body = noBody }: Route): Promise<unknown> {
  const text = await request.text();
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

function parse(text: string): unknown {
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
