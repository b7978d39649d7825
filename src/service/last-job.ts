import type { InspectStore } from "../storage/contract/inspect.ts";

/** True while the newest job of a schedule has not finished; one that is no longer kept has. */
export async function isUnderWay(
  storage: Pick<InspectStore, "findEnds">,
  lastJob: string | null,
): Promise<boolean> {
  if (lastJob === null) return false;
  const { ends, missing } = await storage.findEnds([lastJob]);
  return ends.length === 0 && missing.length === 0;
}
