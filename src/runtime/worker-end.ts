/** How a worker's time from a start to the stop after it ended. */
export interface WorkerEnd {
  /** True when an operator asked for it, with `client.workers.drain` or `holdfast workers drain`; false for `worker.stop`. */
  readonly drained: boolean;
  /** Who asked, when that was said. */
  readonly by: string | null;
}

/** The end of a worker's time, which others may wait for before, while and after it comes. */
export interface EndLatch {
  readonly ended: Promise<WorkerEnd>;
  /** Tells them; the first time counts. */
  end(how: WorkerEnd): void;
}

/** An end that has not come. */
export function createEndLatch(): EndLatch {
  let end: EndLatch["end"] = () => {};
  const ended = new Promise<WorkerEnd>((resolve) => {
    end = resolve;
  });
  return { ended, end };
}
