import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A reverse proxy that gathers answers. */
export interface BufferingProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** Opens one before a server: it passes on what came as soon as it is so many bytes, and the rest when the answer ends. */
export async function openBufferingProxy(target: string, bytes: number): Promise<BufferingProxy> {
  const server = createServer((incoming, outgoing) => {
    const upstream = request(
      new URL(incoming.url ?? "/", target),
      { method: incoming.method, headers: { ...incoming.headers, host: new URL(target).host } },
      (answer) => {
        let kept: Buffer[] = [];
        const pass = () => {
          if (!outgoing.headersSent) outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          outgoing.write(Buffer.concat(kept));
          kept = [];
        };
        answer.on("data", (chunk: Buffer) => {
          kept.push(chunk);
          if (kept.reduce((sum, { length }) => sum + length, 0) >= bytes) pass();
        });
        answer.on("close", () => {
          pass();
          outgoing.end();
        });
      },
    );
    upstream.on("error", () => outgoing.destroy());
    outgoing.on("close", () => upstream.destroy());
    incoming.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
