import { ever } from "./0006-ever.ts";

const parts: readonly string[] = [ever];

/** What the services around jobs need. Workers of the code before it go on beside it. */
export const services = {
  id: 6,
  name: "services",
  minCode: 4,
  sql: parts.join("\n"),
} as const;
