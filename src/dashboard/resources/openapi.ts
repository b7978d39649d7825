import { openapiDocument } from "../openapi/document.ts";
import type { Route } from "../route.ts";

/** What the API can do, for programs. */
export function openapiRoutes(routes: () => readonly Route[]): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/api/openapi.json",
      permission: "read",
      summary: "This document.",
      answer: "Document",
      handle: ({ site }) =>
        openapiDocument({ routes: routes(), version: site.version, basePath: site.basePath }),
    },
  ];
}
