import type { Session } from "./session.ts";

/** What decides whether a job could be claimed now. */
export interface JobKind {
  readonly queue: string;
  readonly name: string;
  readonly version: number;
}

/**
 * Says of which kinds of jobs the queue runs: it is not paused, not cooling, and a live worker serves it that does not drain, has a handler
 * of the name and understands the payload's version. Reads the workers when first asked, and each queue once.
 */
export function createRunnable(session: Session, now: number): (kind: JobKind) => boolean {
  const open = new Map<string, boolean>();
  let duties: readonly Duties[] | undefined;

  function isOpen(queue: string): boolean {
    const known = open.get(queue);
    if (known !== undefined) return known;
    const found = session.get(closedQueue, queue, now) === undefined;
    open.set(queue, found);
    return found;
  }

  return (kind) => {
    if (!isOpen(kind.queue)) return false;
    duties ??= session.all<WorkerRow>(liveWorkers).map(dutiesOf);
    return duties.some((worker) => canRun(worker, kind));
  };
}

interface WorkerRow {
  readonly queues: string;
  readonly handlers: string;
  readonly versions: string;
}

interface Duties {
  readonly queues: readonly string[];
  readonly handlers: readonly string[];
  readonly versions: Readonly<Record<string, number>>;
}

function dutiesOf(row: WorkerRow): Duties {
  return {
    queues: JSON.parse(row.queues) as string[],
    handlers: JSON.parse(row.handlers) as string[],
    versions: JSON.parse(row.versions) as Record<string, number>,
  };
}

/** A worker of older code does not say which versions it knows, and gets the benefit of the doubt. */
function canRun(
  { queues, handlers, versions }: Duties,
  { queue, name, version }: JobKind,
): boolean {
  return (
    queues.includes(queue) && handlers.includes(name) && version <= (versions[name] ?? version)
  );
}

const closedQueue = "SELECT 1 FROM holdfast_queue WHERE name = ? AND (paused OR closed_until > ?)";
const liveWorkers =
  "SELECT queues, handlers, versions FROM holdfast_worker WHERE dead = 0 AND draining = 0";
