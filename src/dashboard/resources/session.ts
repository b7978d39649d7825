import type { Route } from "../route.ts";
import type { SessionAnswer } from "../wire/session.ts";

/** Who is asking. */
export const sessionRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/session",
    permission: "read",
    summary: "Who is asking, what they may do, and what this dashboard shows.",
    answer: "Session",
    handle({ client, visitor, site }): SessionAnswer {
      return {
        actor: visitor.actor,
        role: visitor.role,
        permissions: [...visitor.permissions],
        readOnly: site.readOnly,
        environment: site.environment,
        version: site.version,
        database: site.database,
        now: client.clock.now(),
      };
    },
  },
];
