import { type ErrorCode, errorCatalogue, HoldfastError, isHoldfastError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { problemResponse } from "../http/problem.ts";

const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Content Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  NOT_AUTHENTICATED: 401,
  FORBIDDEN: 403,
  ORIGIN_REFUSED: 403,
  READ_ONLY: 403,
  PAYLOAD_REDACTED: 403,
  ROUTE_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TOO_LARGE: 413,
  PAYLOAD_TOO_LARGE: 413,
  AUTHORIZE_FAILED: 500,
  DASHBOARD_FAILED: 500,
  CLIENT_CLOSED: 503,
  NOT_READY: 503,
};

const tellsMore = "The log of the dashboard's process says more.";

/** The status an error is answered with. */
export function statusOf(code: ErrorCode): number {
  const { family } = errorCatalogue[code];
  const own = statuses[code];
  if (own !== undefined) return own;
  if (code.endsWith("_NOT_FOUND")) return 404;
  if (family === "state") return 409;
  if (family === "usage" || family === "request") return 400;
  return family === "storage" || family === "service" ? 503 : 500;
}

/** What went wrong as an answer. What only operators may know goes to the log. */
export function problemOf(error: unknown, logger: Logger): Response {
  const coded = isHoldfastError(error)
    ? error
    : new HoldfastError("DASHBOARD_FAILED", "The dashboard failed.", { cause: error });
  const { code } = coded;
  const status = statusOf(code);
  const title = titles[status] ?? "";
  if (status >= 500) {
    logger.error({ error: coded }, "the dashboard could not answer");
    return problemResponse({ status, title, code, detail: serverDetail(coded) });
  }
  const { message: detail, details } = coded;
  const allow = code === "METHOD_NOT_ALLOWED" ? { allow: String(details["allow"]) } : {};
  const told = Object.keys(details).length === 0 ? {} : { details };
  return problemResponse({ status, title, code, detail, ...told }, allow);
}

function serverDetail({ code, family, retryable }: HoldfastError): string {
  if (family === "storage") {
    const again = retryable ? " Try again." : "";
    return `The database did not answer as it should (${code}).${again} ${tellsMore}`;
  }
  if (code === "CLIENT_CLOSED") return "The dashboard's client was closed: its process is ending.";
  if (code === "PAGE_NOT_BUILT") {
    return "The dashboard's page is not part of this build of holdfast. Its API answers below api/.";
  }
  return `The dashboard could not answer (${code}). ${tellsMore}`;
}
