import { eventsRoute } from "./live/events.ts";
import type { Route } from "./route.ts";

/** Every route of the API; each resource has a file of its own. */
export const routes: readonly Route[] = [eventsRoute];
