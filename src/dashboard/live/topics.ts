import { HoldfastError } from "../../core/errors.ts";
import type { Topic } from "../wire/live.ts";

const plain: readonly string[] = [
  "overview",
  "jobs",
  "queues",
  "workers",
  "schedules",
  "limits",
  "operations",
  "health",
  "audit",
];
/** More than any page shows, and few enough to look at every second. */
export const mostTopics = 16;

/**
 * The topics named in `watch=jobs,job:12`, each once.
 *
 * @throws {HoldfastError} `REQUEST_INVALID` for none, too many, and one there is not.
 */
export function readTopics(text: string): readonly Topic[] {
  const named = [...new Set(text.split(",").filter((name) => name !== ""))];
  if (named.length === 0 || named.length > mostTopics) {
    throw refused(`watch takes 1 to ${mostTopics} topics with commas between, such as jobs,job:12`);
  }
  return named.map((name) => {
    if (!isTopic(name)) {
      const all = [...plain, "job:ID", "operation:ID"].join(", ");
      throw refused(`watch names ${JSON.stringify(name.slice(0, 40))}; there are ${all}`);
    }
    return name;
  });
}

/** True for the name of something that can be watched. */
export function isTopic(name: string): name is Topic {
  return plain.includes(name) || /^(job|operation):\d{1,19}$/.test(name);
}

function refused(what: string): HoldfastError {
  return new HoldfastError("REQUEST_INVALID", `${what}.`);
}
