import { HoldfastError } from "../core/errors.ts";
import { type ChildJob, stopReason } from "./child-job.ts";
import { createLatestProgress, type LatestProgress } from "./latest-progress.ts";
import { readLine, type Report } from "./protocol/child-message.ts";
import {
  type ChildEffect,
  type ChildEvent,
  type ChildFailure,
  type ChildState,
  startingChild,
  step,
} from "./protocol/child-state.ts";
import { cancelLine, helloLine, requestId } from "./protocol/parent-message.ts";
import { endingOf } from "./reply-ending.ts";

/** How a child ended, in words for a message. */
export interface ChildEnd {
  readonly why: string;
  /** The error that ended it, when there was one. */
  readonly cause?: unknown;
}

/** Where a link to a child tells what it hears; never before `Connect` has returned. */
export interface ChildEars {
  line(text: string): void;
  breach(why: string): void;
  ended(end: ChildEnd): void;
}

/** The way to one child: a process or a thread. */
export interface ChildLink {
  send(line: string): void;
  /** Tells it that no more jobs will come. */
  close(): void;
  /** Ends it and all it has started, whatever it does. */
  kill(): void;
  /** Whether this process stays alive for it. */
  keepAwake(awake: boolean): void;
}

/** Starts a child. */
export type Connect = (ears: ChildEars) => ChildLink;

/** How a pool treats its children. */
export interface ChildPlan {
  readonly connect: Connect;
  readonly graceMs: number;
  readonly startMs: number;
  /** Jobs after which a child is replaced; infinite for never. */
  readonly recycleAfter: number;
}

/** Who is told how a child fares. */
export interface ChildOwner {
  /** It can take a job. */
  ready(child: WarmChild): void;
  /** It has done a job, well or badly. */
  settled(): void;
  /** It is no more; with the error when it ended on its own and not because it was told to. */
  gone(child: WarmChild, error: Error | undefined): void;
}

/** The job a child has. */
interface Current {
  readonly job: ChildJob;
  readonly line: string;
  readonly progress: LatestProgress;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const headlines: Readonly<Record<ChildFailure["code"], string>> = {
  CHILD_LOST: "The child was lost",
  CHILD_PROTOCOL: "The child broke the protocol",
};

/** A child that takes one job after the other. What happens to it is decided in `child-state.ts`; here it is done. */
export class WarmChild {
  readonly ended: Promise<void>;
  readonly #plan: ChildPlan;
  readonly #owner: ChildOwner;
  readonly #link: ChildLink;
  #hasEnded = (): void => {};
  #state: ChildState = startingChild;
  #current: Current | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #jobs = 0;
  #retiring = false;
  #end: ChildEnd | undefined;
  #error: Error | undefined;

  constructor(plan: ChildPlan, owner: ChildOwner) {
    this.#plan = plan;
    this.#owner = owner;
    this.ended = new Promise((resolve) => {
      this.#hasEnded = resolve;
    });
    this.#allow(plan.startMs);
    this.#link = plan.connect({
      line: (text) => this.#happen(readLine(text)),
      breach: (why) => this.#happen({ kind: "breached", why }),
      ended: (end) => {
        this.#end = end;
        this.#happen({ kind: "ended", why: `it ${end.why}` });
      },
    });
    this.#link.send(helloLine());
  }

  get phase(): ChildState["phase"] {
    return this.#state.phase;
  }

  /** Hands it a job; it must be idle. Settles when the child has replied, or is dead. */
  async run(job: ChildJob, line: string): Promise<unknown> {
    const cancel = (): void => this.#happen({ kind: "cancelled" });
    const progress = createLatestProgress(job);
    try {
      const ended = new Promise<unknown>((resolve, reject) => {
        this.#current = { job, line, progress, resolve, reject };
      });
      this.#happen({ kind: "assigned", id: requestId(job) });
      job.signal.addEventListener("abort", cancel, { once: true });
      return await ended;
    } finally {
      job.signal.removeEventListener("abort", cancel);
      // A write after the job's end would be taken for that of a lost lease.
      await progress.stored();
    }
  }

  /** Lets it go as soon as it has no job. */
  retire(): void {
    this.#retiring = true;
    this.#happen({ kind: "retired" });
  }

  #happen(event: ChildEvent): void {
    const { state, effects } = step(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: ChildEffect): void {
    switch (effect.kind) {
      case "ready":
        return this.#offer();
      case "begin":
        this.#link.keepAwake(true);
        if (this.#current !== undefined) this.#link.send(this.#current.line);
        return;
      case "cancel":
        return this.#cancel();
      case "report":
        return this.#report(effect.report);
      case "settle":
        return this.#settle((job) => endingOf(effect.reply, job));
      case "fail":
        return this.#fail(effect.failure);
      case "close":
        this.#allow(this.#plan.graceMs);
        return this.#link.close();
      case "kill":
        clearTimeout(this.#deadline);
        return this.#link.kill();
      case "gone":
        clearTimeout(this.#deadline);
        this.#owner.gone(this, this.#error);
        return this.#hasEnded();
    }
  }

  #offer(): void {
    clearTimeout(this.#deadline);
    this.#link.keepAwake(false);
    if (this.#retiring || this.#jobs >= this.#plan.recycleAfter) this.#happen({ kind: "retired" });
    else this.#owner.ready(this);
  }

  #cancel(): void {
    if (this.#current === undefined) return;
    const { job } = this.#current;
    this.#allow(this.#plan.graceMs);
    this.#link.send(cancelLine(requestId(job), stopReason(job.signal), this.#plan.graceMs));
  }

  #settle(end: (job: ChildJob) => unknown): void {
    const current = this.#current;
    this.#current = undefined;
    if (current === undefined) return;
    this.#jobs += 1;
    this.#owner.settled();
    try {
      current.resolve(end(current.job));
    } catch (error) {
      current.reject(error);
    }
  }

  #fail({ code, why }: ChildFailure): void {
    const current = this.#current;
    this.#current = undefined;
    const end = this.#end;
    const error = new HoldfastError(code, `${headlines[code]}: ${why}.`, {
      details: { end: end?.why },
      ...(end?.cause === undefined ? {} : { cause: end.cause }),
    });
    // One that was told to stop and did not is no failing child.
    if (current?.job.signal.aborted !== true) this.#error = error;
    current?.reject(error);
  }

  #report(report: Report): void {
    if (report.type === "progress") return this.#current?.progress.push(report.value);
    const { level, message, fields } = report;
    this.#current?.job.log[level](fields === undefined ? {} : { child: fields }, message);
  }

  #allow(ms: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#happen({ kind: "overdue" }), ms);
  }
}
