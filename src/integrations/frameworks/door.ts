/** Where requests come in, and how it is shut. */
export interface Door {
  /** Lets no more requests in, and resolves when those under way are answered. */
  close(): Promise<unknown>;
  /** Ends the connections of those that are not. */
  hangUp(): void;
}

/** A server of `node:http` or its like, as `app.listen(...)` and `serve(...)` give it. */
export interface NodeServer {
  close(done: (error?: Error) => void): unknown;
  closeIdleConnections?(): void;
  closeAllConnections?(): void;
}

/** A connection kept alive is idle only once its answer is out. */
const lookMs = 50;

/** The door of a Node server. */
export function nodeDoor(server: NodeServer): Door {
  return {
    close: () =>
      new Promise<void>((resolve) => {
        const look = setInterval(() => server.closeIdleConnections?.(), lookMs);
        // Its only error is that it was not open.
        server.close(() => {
          clearInterval(look);
          resolve();
        });
        server.closeIdleConnections?.();
      }),
    hangUp: () => server.closeAllConnections?.(),
  };
}
