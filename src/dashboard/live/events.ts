import { problemResponse } from "../../http/problem.ts";
import { checkPermission } from "../access/gatekeeper.ts";
import type { Call, Route, Site } from "../route.ts";
import { versionsIn } from "./known-versions.ts";
import { createLiveHub, type LiveHub } from "./live-hub.ts";
import { pauseOf, readTopic } from "./topic-readings.ts";
import { readTopics } from "./topics.ts";

/** One for each dashboard, so that all who watch it share its readings. */
const hubs = new WeakMap<Site, LiveHub>();

function hubOf(site: Site): LiveHub {
  const there = hubs.get(site);
  if (there !== undefined) return there;
  const hub = createLiveHub({ read: (topic) => readTopic(site.client, topic), everyMs: pauseOf });
  hubs.set(site, hub);
  return hub;
}

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
  const { query, headers, signal, visitor } = call;
  const topics = readTopics(query.get("watch") ?? "");
  if (topics.includes("audit")) checkPermission(visitor, ["audit"]);
  const known = versionsIn(headers.get("last-event-id") ?? "");
  const stream = hubOf(call.site).open({ topics, known, signal });
  return stream === undefined ? full() : new Response(stream, { headers: streamHeaders });
}

/** No error of anybody: the page asks every few seconds instead. */
function full(): Response {
  const detail = "As many pages watch as may. Ask for what is shown every few seconds instead.";
  const problem = { status: 503, title: "Service Unavailable", code: "NOT_READY", detail } as const;
  return problemResponse(problem, { "retry-after": "30" });
}
