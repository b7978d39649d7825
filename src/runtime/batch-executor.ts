import type { JobBatch } from "../core/batch.ts";
import type { BatchAttempt } from "./batch-attempt.ts";
import { type BatchEndings, endOfBatch } from "./batch-endings.ts";
import { BatchMember, type MemberParts } from "./batch-member.ts";
import { endOfPayload, type HandlerEnd, readPayload } from "./executor.ts";

/**
 * Runs a batch to its end: payloads → handler → an ending for each job. A job whose payload cannot be read ends by itself, and
 * the others run. Never throws, and cannot reach storage. `endings` fills as they become known.
 */
export async function executeBatch(
  batch: BatchAttempt,
  endings: BatchEndings,
  present: (items: readonly BatchMember[]) => JobBatch,
): Promise<BatchEndings> {
  const read = await Promise.all(batch.members.map((member) => readItem(member, endings)));
  const items = read.filter((item) => item !== undefined);
  if (items.length > 0) {
    const end = await callHandler(batch, present(items));
    // A transaction the handler did not wait for is part of it all the same.
    const unheard = batch.ending.busy ? await batch.ending.transacted() : undefined;
    await endOfBatch(batch, items, unheard ?? end, endings);
  }
  return endings;
}

async function readItem(
  member: MemberParts,
  endings: BatchEndings,
): Promise<BatchMember | undefined> {
  try {
    return new BatchMember(member, await readPayload(member.attempt));
  } catch (thrown) {
    endings.set(member, endOfPayload(member.attempt, thrown, member.context));
    return undefined;
  }
}

async function callHandler({ handler }: BatchAttempt, batch: JobBatch): Promise<HandlerEnd> {
  try {
    return { value: await handler.runBatch(batch as JobBatch<unknown, unknown, never>) };
  } catch (thrown) {
    return { thrown };
  }
}
