import type { Storage } from "../../src/storage/contract/storage.ts";

/** The same object with some members replaced; the others are the original's own. */
export function overridden<Whole extends object>(whole: Whole, part: Partial<Whole>): Whole {
  return Object.assign(Object.create(whole) as Whole, part);
}

/** A storage with some calls replaced; a turn then goes through them one after the other. */
export function overriddenStorage(storage: Storage, part: Partial<Storage>): Storage {
  const replaced: Storage = overridden(storage, {
    async settleAndClaim(settlements, request) {
      const settled = await replaced.settleJobs(settlements, request.now);
      return { settled, claimed: await replaced.claimJobs(request) };
    },
    ...part,
  });
  return replaced;
}
