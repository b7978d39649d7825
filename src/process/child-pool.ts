import { HoldfastError } from "../core/errors.ts";
import type { ChildJob } from "./child-job.ts";
import { jobLine } from "./protocol/parent-message.ts";
import { restartDelayMs } from "./protocol/restart-delay.ts";
import { type ChildOwner, type ChildPlan, WarmChild } from "./warm-child.ts";

/** How many children a pool has, and how it treats them. */
export interface PoolPlan extends ChildPlan {
  readonly size: number;
  /** What the pool is called in messages. */
  readonly called: string;
}

/** Children that are started when there is work and kept for the next job, each with one job at a time. */
export interface ChildPool {
  /**
   * Runs a job in a child; while all are busy it waits, oldest first, until its signal aborts.
   *
   * @throws {HoldfastError} `CHILD_LOST`, `CHILD_PROTOCOL`, `CHILD_POOL_CLOSED`; and what the child reports.
   */
  run(payload: unknown, job: ChildJob): Promise<unknown>;
  /** Takes no more jobs, lets running ones end, and ends the children. */
  close(): Promise<void>;
}

/** A job that waits for a child. */
interface Waiter {
  readonly take: (child: WarmChild) => void;
  readonly fail: (error: unknown) => void;
}

/** A pool without children yet. */
export function createChildPool(plan: PoolPlan): ChildPool {
  return new Pool(plan);
}

class Pool implements ChildPool, ChildOwner {
  readonly #plan: PoolPlan;
  readonly #children = new Set<WarmChild>();
  readonly #starting = new Set<WarmChild>();
  readonly #waiting = new Set<Waiter>();
  /** The one that worked last is warmest, and goes first. */
  readonly #idle: WarmChild[] = [];
  #lost = 0;
  #notBefore = 0;
  #pause: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(plan: PoolPlan) {
    this.#plan = plan;
  }

  async run(payload: unknown, job: ChildJob): Promise<unknown> {
    const line = jobLine(job, payload);
    for (;;) {
      job.signal.throwIfAborted();
      const child = await this.#take(job.signal);
      if (job.signal.aborted) this.ready(child);
      // One that was lost before it could be told has not harmed the job.
      else if (child.phase === "idle") return child.run(job, line);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#pause);
    for (const waiter of this.#waiting) waiter.fail(this.#closedError());
    const children = [...this.#children];
    for (const child of children) child.retire();
    await Promise.all(children.map((child) => child.ended));
  }

  ready(child: WarmChild): void {
    this.#starting.delete(child);
    if (child.phase !== "idle") return;
    const [first] = this.#waiting;
    if (first === undefined) this.#idle.push(child);
    else first.take(child);
  }

  settled(): void {
    this.#lost = 0;
  }

  gone(child: WarmChild, error: Error | undefined): void {
    const hadStarted = !this.#starting.delete(child);
    this.#children.delete(child);
    const place = this.#idle.indexOf(child);
    if (place !== -1) this.#idle.splice(place, 1);
    if (error !== undefined) {
      this.#lost += 1;
      this.#notBefore = performance.now() + restartDelayMs(this.#lost);
      // Somebody must hear of it, and nobody has the child yet.
      const [first] = this.#waiting;
      if (!hadStarted) first?.fail(error);
    }
    this.#startMore();
  }

  #take(signal: AbortSignal): Promise<WarmChild> {
    if (this.#closed) throw this.#closedError();
    const idle = this.#idle.pop();
    if (idle !== undefined) return Promise.resolve(idle);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiter);
        signal.removeEventListener("abort", abort);
      };
      const waiter: Waiter = {
        take(child) {
          leave();
          resolve(child);
        },
        fail(error) {
          leave();
          reject(error);
        },
      };
      const abort = (): void => waiter.fail(signal.reason);
      signal.addEventListener("abort", abort);
      this.#waiting.add(waiter);
      this.#startMore();
    });
  }

  /** As many children as there are jobs waiting; after a loss one at a time, and not before its pause is over. */
  #startMore(): void {
    clearTimeout(this.#pause);
    const most = this.#lost > 0 ? Math.min(1, this.#waiting.size) : this.#waiting.size;
    const pauseMs = this.#notBefore - performance.now();
    while (!this.#closed && this.#starting.size < most && this.#children.size < this.#plan.size) {
      if (pauseMs > 0) {
        this.#pause = setTimeout(() => this.#startMore(), pauseMs);
        return;
      }
      const child = new WarmChild(this.#plan, this);
      this.#starting.add(child);
      this.#children.add(child);
    }
  }

  #closedError(): HoldfastError {
    return new HoldfastError(
      "CHILD_POOL_CLOSED",
      `The ${this.#plan.called} is closed; stop the worker before its pools.`,
    );
  }
}
