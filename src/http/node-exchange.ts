import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** What a request to a Node server asks, as a web request; its signal aborts when the caller goes away. */
export function toRequest(incoming: IncomingMessage, outgoing: ServerResponse): Request {
  const gone = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const { method = "GET", url = "/", rawHeaders } = incoming;
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
  }
  // What the caller says it called may be no name at all, and tells nobody anything here.
  const address = new URL(`http://localhost${url.startsWith("/") ? url : "/"}`);
  const bare = method === "GET" || method === "HEAD";
  return new Request(address, {
    method,
    headers,
    signal: gone.signal,
    ...(bare ? {} : { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" }),
  });
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
