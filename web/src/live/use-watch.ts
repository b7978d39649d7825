import { useEffect } from "react";
import type { Topic } from "../../../src/dashboard/wire/live.ts";
import { pageConnection } from "./page-connection.ts";

/** Keeps a topic in the page's stream of changes while the component is there. */
export function useWatch(topic: Topic | undefined): void {
  useEffect(() => (topic === undefined ? undefined : pageConnection.watching.add(topic)), [topic]);
}
