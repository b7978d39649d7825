import { queryClient } from "../api/query-client.ts";
import { Connection } from "./connection.ts";
import { openStream } from "./stream.ts";
import { refresher } from "./topic-refresher.ts";

/** This page's own connection. */
export const pageConnection = new Connection({
  open: openStream,
  refresh: (topic) => refresher.refresh(topic),
  refreshAll: () => void queryClient.refetchQueries({ type: "active" }, { cancelRefetch: false }),
});

const isVisible = () => document.visibilityState === "visible";

/** Begins to follow whether the page can be seen. */
export function followVisibility(): void {
  pageConnection.setVisible(isVisible());
  document.addEventListener("visibilitychange", () => pageConnection.setVisible(isVisible()));
}
