import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Caller } from "./caller.ts";

/** What a framework knows better of a request than the request itself. */
export interface Told {
  /** The path and query that were asked for; default what the request says. */
  readonly url?: string | undefined;
  /** The body, where somebody has read it already; default what is still to be read. */
  readonly body?: string | Uint8Array | undefined;
}

/** What a request to a Node server asks, as a web request; its signal aborts when the caller goes away. */
export function toRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { url = incoming.url ?? "/", body }: Told = {},
): Request {
  const gone = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const { method = "GET" } = incoming;
  const headers = headersOf(incoming);
  if (body !== undefined) {
    // They told of the body as it was sent.
    headers.delete("content-length");
    headers.delete("content-encoding");
  }
  // What the caller says it called may be no name at all, and tells nobody anything here.
  const address = new URL(`http://localhost${isStraight(url) ? url : "/"}`);
  const bare = method === "GET" || method === "HEAD";
  return new Request(address, {
    method,
    headers,
    signal: gone.signal,
    ...(bare ? {} : bodyOf(incoming, body)),
  });
}

/**
 * True for a path as browsers send it. One with `..` in it leads elsewhere than whoever has read it before believes, such as a guard of a
 * part of the paths.
 */
function isStraight(url: string): boolean {
  const [path = ""] = url.split(/[?#]/, 1);
  return path.startsWith("/") && !/\\|\/(\.|%2e){1,2}(\/|$)/i.test(path);
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    // HTTP/2 says in `:authority` what HTTP/1 says in `host`.
    if (name === ":authority") headers.set("host", rawHeaders[at + 1] ?? "");
    else if (!name.startsWith(":")) headers.append(name, rawHeaders[at + 1] ?? "");
  }
  return headers;
}

/** Who is at the other end of the connection. */
export function callerOf({ socket }: IncomingMessage): Caller {
  return { remoteAddress: socket.remoteAddress };
}

function bodyOf(incoming: IncomingMessage, read: string | Uint8Array | undefined) {
  if (read !== undefined) return { body: read };
  return { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" } as const;
}

/** Writes a web response as the answer of a Node server. */
export async function writeResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.statusCode = response.status;
  outgoing.setHeaders(response.headers);
  if (response.body === null) {
    outgoing.end();
    return;
  }
  await pipeline(Readable.fromWeb(response.body as never), outgoing);
}
