import type { Topic } from "../wire/live.ts";
import { isTopic, mostTopics } from "./topics.ts";

/** Which version of each topic a watcher knows. */
export type KnownVersions = ReadonlyMap<Topic, string>;

const longest = 2_000;

/** Versions as the id of an event: `jobs=Kx3v9TqLw0E,job:12=u5Hq0aPzR7c`. */
export function eventIdOf(versions: KnownVersions): string {
  return [...versions].map(([topic, version]) => `${topic}=${version}`).join(",");
}

/** What `Last-Event-ID` brings back; what cannot be read of it is not known. */
export function versionsIn(eventId: string): KnownVersions {
  const known = new Map<Topic, string>();
  if (eventId.length > longest) return known;
  for (const part of eventId.split(",").slice(0, mostTopics)) {
    const [topic = "", version = ""] = part.split("=", 2);
    if (isTopic(topic) && /^[\w-]{1,22}$/.test(version)) known.set(topic, version);
  }
  return known;
}
