import { problemResponse } from "../../http/problem.ts";
import { checkPermission } from "../access/gatekeeper.ts";
import type { Permission } from "../access/permission.ts";
import type { Call, Route } from "../route.ts";
import { versionsIn } from "./known-versions.ts";
import { readTopics } from "./topics.ts";

/** What changes while one looks. */
export const liveRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/events",
    permission: "read",
    summary:
      "Tells as Server-Sent Events what is to be read again: first `hello`, then `change` with a topic and its version.",
    query: {
      watch: {
        type: "string",
        description:
          "Topics with commas between: overview, jobs, queues, workers, schedules, limits, operations, health, audit, job:ID, operation:ID.",
      },
      known: {
        type: "string",
        description:
          "The id of the last event of an earlier stream: what is still as it was is not told again.",
      },
    },
    answer: "EventStream",
    handle: openEvents,
  },
];

const streamHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  // What nginx and those who learned from it go by.
  "x-accel-buffering": "no",
};

function openEvents(call: Call): Response {
  const { site, query, headers, signal, visitor } = call;
  const topics = readTopics(query.get("watch") ?? "");
  const needs: readonly Permission[] = topics.includes("audit") ? ["read", "audit"] : ["read"];
  for (const each of needs) checkPermission(visitor, [each]);
  // A browser that reconnects sends the header; a page that opens another stream has only the query.
  const known = versionsIn(headers.get("last-event-id") ?? query.get("known") ?? "");
  const mayGoOn = () => isStillOne(call, needs);
  const stream = site.live.open({ visitor: visitor.identity, topics, known, signal, mayGoOn });
  return stream === undefined ? full() : new Response(stream, { headers: streamHeaders });
}

/** True while whoever opened a stream is the same and may see what is told by it. */
async function isStillOne(
  { visitor, visitorNow }: Call,
  needs: readonly Permission[],
): Promise<boolean> {
  const { identity, permissions } = await visitorNow();
  return identity === visitor.identity && needs.every((each) => permissions.has(each));
}

/** No error of anybody: the page asks every few seconds instead. */
function full(): Response {
  const detail =
    "As many pages watch as may, or as many of yours. Ask for what is shown every few seconds instead.";
  const problem = { status: 503, title: "Service Unavailable", code: "NOT_READY", detail } as const;
  return problemResponse(problem, { "retry-after": "30" });
}
