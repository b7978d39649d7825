import { createDashboard } from "../../dist/dashboard.js";
import type { Client } from "../../dist/index.js";
import type { PageRequest } from "./page-request.ts";

/** What the dashboard answered. */
export interface Answer {
  readonly kilobytes: number;
  /** Null when it did what it was asked. */
  readonly failure: string | null;
}

/** Asks a dashboard as a browser does. */
export type Asker = (request: PageRequest) => Promise<Answer>;

const posted = { "content-type": "application/json", "x-holdfast": "1" };

/** A dashboard of its own to ask. */
export function createAsker(client: Client): Asker {
  const dashboard = createDashboard({ client, authorize: () => "admin" });
  return async ({ path, body }) => {
    const init =
      body === undefined ? {} : { method: "POST", headers: posted, body: JSON.stringify(body) };
    const request = new Request(`http://127.0.0.1/${path}`, init);
    const answer = await dashboard(request, { remoteAddress: "127.0.0.1" });
    const text = await answer.text();
    return {
      kilobytes: Math.ceil(text.length / 1_024),
      failure: answer.ok ? null : `${answer.status} ${text.slice(0, 200)}`,
    };
  };
}
