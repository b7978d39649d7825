import { queryClient } from "../api/query-client.ts";
import { Refresher } from "./refresher.ts";

/** Reads again whatever is shown of a topic. */
export const refresher = new Refresher(
  // What is on its way is not thrown away: under steady change nothing would ever arrive.
  (topic) => queryClient.invalidateQueries({ queryKey: [topic] }, { cancelRefetch: false }),
  { gapMs: 400 },
);
