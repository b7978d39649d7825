import pg from "pg";

/** A pool whose connections, and those of whoever opens it again, tell what they send and what the server says. */
export interface WatchedPool {
  readonly pool: pg.Pool;
  /** The texts of the statements sent since the last `clear`. */
  readonly sent: string[];
  /** The server's notices since the last `clear`. */
  readonly notices: string[];
  clear(): void;
}

/** Opens a watched pool on a database; `options` are server settings for its sessions. */
export function watchedPool(
  url: string,
  options: Readonly<Record<string, string>> = {},
): WatchedPool {
  const sent: string[] = [];
  const notices: string[] = [];
  class WatchedClient extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super(config);
      this.on("notice", ({ message }) => void notices.push(message ?? ""));
      const query = this.query.bind(this) as (...given: unknown[]) => unknown;
      this.query = ((...given: unknown[]) => {
        const [first] = given;
        sent.push(typeof first === "string" ? first : (first as { text: string }).text);
        return query(...given);
      }) as typeof this.query;
    }
  }
  const settings = Object.entries(options).map(([name, value]) => `-c ${name}=${value}`);
  const pool = new pg.Pool({
    connectionString: url,
    Client: WatchedClient,
    ...(settings.length === 0 ? {} : { options: settings.join(" ") }),
  });
  return {
    pool,
    sent,
    notices,
    clear() {
      sent.length = 0;
      notices.length = 0;
    },
  };
}
