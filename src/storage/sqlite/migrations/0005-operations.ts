import { enqueueContract } from "./0005-enqueue.ts";
import { presencePart } from "./0005-presence.ts";
import { queueSettings } from "./0005-queues.ts";

const parts: readonly string[] = [presencePart, queueSettings, enqueueContract];

/** What operators steer and see. Workers of the code before it go on beside it. */
export const operations = {
  id: 5,
  name: "operations",
  minCode: 4,
  sql: parts.join("\n"),
} as const;
