import type { RequestHandler } from "../http/health-handler.ts";

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

/** Nothing runs, loads or frames but the page's own files. Whether HTTPS is a must, whoever serves it says. */
const securityHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": policy.join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-download-options": "noopen",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
  "x-xss-protection": "0",
};

/** A handler whose every answer has the security headers, whoever made it, and is kept by nobody unless it says for how long. */
export function secured(handler: RequestHandler): RequestHandler {
  return async (request, caller) => {
    const response = await handler(request, caller);
    const { headers } = response;
    for (const [name, value] of Object.entries(securityHeaders)) headers.set(name, value);
    if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
    return response;
  };
}
