import type { Client } from "../core/client.ts";
import { traceText } from "../core/trace.ts";

interface WebHeaders {
  get(name: string): string | null;
}

/** A request as far as its trace goes: a web request, or one of a Node server. */
export interface TracedRequest {
  readonly headers: WebHeaders | Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * The client for one request: jobs it enqueues are part of the trace that the request's `traceparent` names, unless telemetry knows
 * of a span already. A header that is not valid is ignored.
 *
 * @example
 * ```ts
 * export async function POST(request: Request): Promise<Response> {
 *   const payload = (await request.json()) as { email: string };
 *   const { id } = await requestClient(client, request).enqueue(sendWelcome, payload);
 *   return Response.json({ id }, { status: 202 });
 * }
 * ```
 */
export function requestClient(client: Client, request: TracedRequest): Client {
  const trace = requestTrace(request);
  return client.scoped(trace === undefined ? {} : { trace });
}

/** The trace that a request's headers name; `undefined` for none and for what is not valid. */
export function requestTrace({ headers }: TracedRequest): string | undefined {
  return traceText({
    traceparent: headerOf(headers, "traceparent"),
    tracestate: headerOf(headers, "tracestate"),
  });
}

function headerOf(headers: TracedRequest["headers"], name: string): string {
  const value = isWeb(headers) ? headers.get(name) : headers[name];
  return typeof value === "string" ? value : (value ?? []).join();
}

function isWeb(headers: TracedRequest["headers"]): headers is WebHeaders {
  return typeof headers["get"] === "function";
}
