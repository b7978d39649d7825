import type { LimitChange } from "../../core/limits-client.ts";
import type { Route } from "../route.ts";
import type { LimitsAnswer, UpdateLimitBody } from "../wire/queues.ts";

/** Named limits. */
export const limitRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/limits",
    permission: "read",
    summary: "Every limit, by name.",
    answer: "Limits",
    handle: async ({ client }): Promise<LimitsAnswer> => ({ limits: await client.limits.list() }),
  },
  {
    method: "POST",
    path: "/api/limits/:scope/update",
    permission: "limits:update",
    summary: "Changes a limit; what is left out stays, null takes it away.",
    body: {
      type: "object",
      additionalProperties: false,
      properties: {
        concurrent: { type: ["integer", "null"], minimum: 1, description: "Jobs at once." },
        rate: { type: ["string", "null"], maxLength: 40, description: "Such as 100/1m." },
      },
    },
    answer: "Done",
    async handle({ client, visitor, params: { scope = "" }, body }) {
      const change = { ...(body as UpdateLimitBody), by: visitor.actor } as LimitChange;
      await client.limits.update(scope, change);
      return {};
    },
  },
];
