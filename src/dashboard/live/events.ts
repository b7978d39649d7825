import type { Client } from "../../core/client.ts";
import { problemResponse } from "../../http/problem.ts";
import type { Call, Route } from "../route.ts";
import { versionsIn } from "./known-versions.ts";
import { createLiveHub, type LiveHub } from "./live-hub.ts";
import { pauseOf, readTopic } from "./topic-readings.ts";
import { readTopics } from "./topics.ts";

/** One for each client, so that all who watch a database through it share its readings. */
const hubs = new WeakMap<Client, LiveHub>();

/** What is watched through a client. */
export function liveHubOf(client: Client): LiveHub {
  const there = hubs.get(client);
  if (there !== undefined) return there;
  const hub = createLiveHub({ read: (topic) => readTopic(client, topic), everyMs: pauseOf });
  hubs.set(client, hub);
  return hub;
}

/** `GET api/events`. */
export const eventsRoute: Route = {
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
};

const streamHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  // What nginx and those who learned from it go by.
  "x-accel-buffering": "no",
};

function openEvents({ site, query, headers, signal, visitor }: Call): Response {
  const topics = readTopics(query.get("watch") ?? "");
  if (topics.includes("audit") && !visitor.permissions.has("audit")) {
    return problemResponse({
      status: 403,
      title: "Forbidden",
      detail: "Watching the audit needs the permission audit.",
    });
  }
  const known = versionsIn(headers.get("last-event-id") ?? "");
  const stream = liveHubOf(site.client).open({ topics, known, signal });
  if (stream !== undefined) return new Response(stream, { headers: streamHeaders });
  return problemResponse(
    {
      status: 503,
      title: "Service Unavailable",
      code: "NOT_READY",
      detail: "As many pages are watching as may. Ask for what is shown every few seconds instead.",
    },
    { "retry-after": "30" },
  );
}
