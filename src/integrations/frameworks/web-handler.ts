/** Anything that answers web requests: `createHealthHandler(...)`, the `fetch` of an application. */
export type WebHandler = (request: Request) => Response | Promise<Response>;
