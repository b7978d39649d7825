import { useSyncExternalStore } from "react";
import type { ConnectionMode } from "./connection.ts";
import { pageConnection } from "./page-connection.ts";
import { reach } from "./reach.ts";

/** How changes reach this page, or that the server does not answer. */
export function useConnection(): ConnectionMode | "offline" {
  const mode = useSyncExternalStore(pageConnection.mode.subscribe, pageConnection.mode.get);
  const reached = useSyncExternalStore(reach.subscribe, reach.get);
  return mode !== "live" && !reached ? "offline" : mode;
}
