import type { ClaimedJob } from "../../src/core/claimed-job.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";

/** Orphans as they are found; none where the look had to wait, as tests in which many write at once may. */
export async function orphansOf(
  storage: Pick<Storage, "listOrphans">,
  limit: number,
): Promise<readonly ClaimedJob[]> {
  return (await storage.listOrphans(limit)) ?? [];
}
