import { eventsRoute } from "./live/events.ts";
import { openapiRoutes } from "./resources/openapi.ts";
import { sessionRoutes } from "./resources/session.ts";
import type { Route } from "./route.ts";

/** Every route of the API; each resource has a file of its own. */
export const routes: readonly Route[] = [
  ...sessionRoutes,
  eventsRoute,
  ...openapiRoutes(() => routes),
];
