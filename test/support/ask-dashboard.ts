import type { Client } from "holdfast";
import { createDashboard, type DashboardOptions } from "holdfast/dashboard";
import { expectDescribed } from "./check-answer.ts";

/** What a dashboard answered; whoever asks knows its shape. */
export interface Answered<Body> {
  readonly status: number;
  readonly body: Body;
  readonly text: string;
}

/** Asks a dashboard as somebody of a role; a body makes it an action. Every answer must be as the OpenAPI document says. */
export type Ask = <Body = unknown>(
  path: string,
  body?: unknown,
  role?: string,
) => Promise<Answered<Body>>;

/** A dashboard whose visitors say themselves who they are; admins where a test does not say. */
export function askDashboard(client: Client, options: Partial<DashboardOptions> = {}): Ask {
  const handle = createDashboard({
    client,
    authorize: (request) => {
      const role = request.headers.get("x-role") as "viewer" | "operator" | "admin";
      return { role, actor: `${role}@test` };
    },
    ...options,
  });
  return async <Body>(path: string, body?: unknown, role = "admin") => {
    const request = new Request(`http://localhost/api/${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { "x-role": role, "x-holdfast": "1", "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const response = await handle(request);
    const text = await response.text();
    const answered = { status: response.status, body: JSON.parse(text) as Body, text };
    expectDescribed(request.method, request.url, answered.status, answered.body);
    return answered;
  };
}
