import { HoldfastError } from "../../core/errors.ts";
import type { ShownJob } from "./job-texts.ts";

/**
 * Refuses to write over a payload that the caller does not see whole.
 *
 * @throws {HoldfastError} `PAYLOAD_REDACTED`.
 */
export function refuseHidden(known: Pick<ShownJob, "shown"> | undefined): void {
  const paths = (known?.shown.hidden ?? []).filter((path) => /^payload(\.|$)/.test(path));
  if (paths.length === 0) return;
  throw new HoldfastError(
    "PAYLOAD_REDACTED",
    `Parts of this payload are hidden from you (${paths.slice(0, 3).join(", ")}), so you cannot write another in its place. Change the other settings, or ask somebody who sees all of it.`,
    { details: { paths } },
  );
}

/**
 * Refuses to write over tags that the caller does not see whole.
 *
 * @throws {HoldfastError} `PAYLOAD_REDACTED`.
 */
export function refuseHiddenTags(known: ShownJob | undefined): void {
  if (known === undefined || known.job.tags.every((tag) => known.shown.text(tag) === tag)) return;
  throw new HoldfastError(
    "PAYLOAD_REDACTED",
    "Parts of this job's tags are hidden from you, so you cannot write others in their place.",
  );
}
