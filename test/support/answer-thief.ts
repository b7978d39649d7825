import { createServer, connect, type AddressInfo, type Socket } from "node:net";

/** A way to a PostgreSQL on which answers can get lost. */
export interface AnswerThief {
  /** Leads to the database by this way. */
  readonly url: string;
  /** From now on the connection that sends text matching `asked` is cut when the server answers it, unanswered. */
  stealAnswerTo(asked: RegExp): void;
  close(): Promise<void>;
}

/** Opens a way to the database of `url` that forwards everything until told otherwise. */
export async function openAnswerThief(url: string): Promise<AnswerThief> {
  const real = new URL(url);
  const sockets = new Set<Socket>();
  let asked: RegExp | undefined;

  function forward(near: Socket): void {
    const far = connect(Number(real.port), real.hostname);
    let stolen = false;
    for (const socket of [near, far]) {
      sockets.add(socket);
      // A connection cut on purpose breaks on both sides.
      socket.on("error", () => {});
      socket.on("close", () => {
        near.destroy();
        far.destroy();
      });
    }
    near.on("data", (sent) => {
      stolen ||= asked?.test(sent.toString("latin1")) === true;
      far.write(sent);
    });
    far.on("data", (answer) => {
      if (stolen) near.destroy();
      else near.write(answer);
    });
  }

  const server = createServer(forward);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const way = new URL(url);
  way.host = `127.0.0.1:${port}`;
  return {
    url: way.href,
    stealAnswerTo(text) {
      asked = text;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
