import type { Caller } from "../../http/caller.ts";

/** Anything that answers web requests: `createHealthHandler(...)`, `createDashboard(...)`, the `fetch` of an application. */
export type WebHandler = (request: Request, caller?: Caller) => Response | Promise<Response>;
