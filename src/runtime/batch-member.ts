import type { BatchItem, BatchOutcome } from "../core/batch.ts";
import type { JobContext } from "../core/job-context.ts";
import type { Attempt } from "./attempt.ts";
import { type ChosenEnding, type EndingVerbs, endingVerbs } from "./ending-latch.ts";

/** How one item of a batch is to end: by what its handler would have returned or thrown, or as it chose. */
export type BatchEnd =
  | { readonly kind: "completed"; readonly value: unknown }
  | { readonly kind: "failed"; readonly thrown: unknown }
  | ChosenEnding;

/** What the items of one batch tell of what they were asked for. */
export interface OutcomeTally {
  /** True once an outcome was made: from then on the batch must hand outcomes back. */
  made: boolean;
}

/** What a batch member is made of. */
export interface MemberParts {
  readonly attempt: Attempt;
  /** The member as a job of its own would see itself. */
  readonly context: JobContext;
  readonly tally: OutcomeTally;
}

/** An outcome somebody asked an item for. */
export class MadeOutcome implements BatchOutcome {
  readonly id: string;
  readonly kind: BatchOutcome["kind"];
  readonly member: BatchMember;
  readonly end: BatchEnd;

  constructor(member: BatchMember, end: BatchEnd) {
    this.id = member.id;
    this.kind = end.kind;
    this.member = member;
    this.end = end;
  }
}

/** One job of a batch, as its handler sees it. */
export class BatchMember implements BatchItem {
  readonly id: string;
  readonly name: string;
  readonly queue: string;
  readonly attempt: number;
  readonly run: number;
  readonly tags: readonly string[];
  readonly payload: unknown;
  /** The runtime's view of it. */
  readonly parts: MemberParts;
  #verbs: EndingVerbs<MadeOutcome> | undefined;

  constructor(parts: MemberParts, payload: unknown) {
    const { id, name, queue, attempt, run, tags } = parts.context;
    this.id = id;
    this.name = name;
    this.queue = queue;
    this.attempt = attempt;
    this.run = run;
    this.tags = tags;
    this.payload = payload;
    this.parts = parts;
  }

  get signal(): AbortSignal {
    return this.parts.context.signal;
  }

  get tick(): BatchItem["tick"] {
    return this.parts.context.tick;
  }

  get log(): BatchItem["log"] {
    return this.parts.context.log;
  }

  get state(): BatchItem["state"] {
    return this.parts.context.state;
  }

  get progress(): BatchItem["progress"] {
    return this.parts.context.progress;
  }

  get setResult(): BatchItem["setResult"] {
    return this.parts.context.setResult;
  }

  get #choices(): EndingVerbs<MadeOutcome> {
    this.#verbs ??= endingVerbs(this.parts.attempt.clock, (end) => this.end(end));
    return this.#verbs;
  }

  /** Makes an outcome. */
  end(end: BatchEnd): MadeOutcome {
    this.parts.tally.made = true;
    return new MadeOutcome(this, end);
  }

  complete(value?: unknown): MadeOutcome {
    return this.end({ kind: "completed", value });
  }

  fail(thrown: unknown): MadeOutcome {
    return this.end({ kind: "failed", thrown });
  }

  get rescheduleIn(): EndingVerbs<MadeOutcome>["rescheduleIn"] {
    return this.#choices.rescheduleIn;
  }

  get rescheduleAt(): EndingVerbs<MadeOutcome>["rescheduleAt"] {
    return this.#choices.rescheduleAt;
  }

  get rescheduleNow(): EndingVerbs<MadeOutcome>["rescheduleNow"] {
    return this.#choices.rescheduleNow;
  }

  get snooze(): EndingVerbs<MadeOutcome>["snooze"] {
    return this.#choices.snooze;
  }

  get throttle(): EndingVerbs<MadeOutcome>["throttle"] {
    return this.#choices.throttle;
  }

  get cancel(): EndingVerbs<MadeOutcome>["cancel"] {
    return this.#choices.cancel;
  }

  get discard(): EndingVerbs<MadeOutcome>["discard"] {
    return this.#choices.discard;
  }
}
