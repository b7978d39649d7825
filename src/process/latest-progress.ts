import type { ChildJob } from "./child-job.ts";

/** Stores what a child says of its progress, one write at a time: of what comes meanwhile only the newest is stored. */
export interface LatestProgress {
  push(value: unknown): void;
  /** Resolves when nothing is left to be stored. */
  stored(): Promise<void>;
}

/** The progress of one attempt. A value that cannot be stored is logged; it does not harm the job. */
export function createLatestProgress(job: ChildJob): LatestProgress {
  let next: { readonly value: unknown } | undefined;
  let writing: Promise<void> | undefined;

  async function write(): Promise<void> {
    while (next !== undefined) {
      const { value } = next;
      next = undefined;
      try {
        await job.progress(value);
      } catch (error) {
        job.log.warn({ error }, "the child's progress could not be stored");
      }
    }
    writing = undefined;
  }

  return {
    push(value) {
      next = { value };
      writing ??= write();
    },
    stored: async () => writing,
  };
}
