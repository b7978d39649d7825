/** The dashboard: a page and an API over a client, as a handler of web requests. */
export { createDashboard } from "./dashboard/create-dashboard.ts";
export type { DashboardOptions } from "./dashboard/dashboard-options.ts";
export type { Authorize, Grant, GrantOrNone } from "./dashboard/access/authorize.ts";
export type { Permission, Role } from "./dashboard/access/permission.ts";
export type { Redact, RedactRule } from "./dashboard/redact/redact-rule.ts";
export type { Caller } from "./http/caller.ts";
export type { RequestHandler } from "./http/health-handler.ts";
