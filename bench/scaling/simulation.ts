/** A clock that jumps from event to event. Times are milliseconds. */
export interface Simulation {
  now(): number;
  /** Runs `action` after `delay`. Events of the same time run in the order they were planned. */
  after(delay: number, action: () => void): void;
  /** Runs every event up to `end` and leaves the clock there. */
  runUntil(end: number): void;
}

interface Event {
  readonly at: number;
  readonly order: number;
  readonly action: () => void;
}

/** An empty simulation at time 0. */
export function createSimulation(): Simulation {
  const heap: Event[] = [];
  let time = 0;
  let planned = 0;
  return {
    now: () => time,
    after(delay, action) {
      push(heap, { at: time + delay, order: planned++, action });
    },
    runUntil(end) {
      for (let [first] = heap; first !== undefined && first.at <= end; [first] = heap) {
        pop(heap);
        time = first.at;
        first.action();
      }
      time = end;
    },
  };
}

const isBefore = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order);

/** The heap is a binary tree in an array: no event comes before its parent. */
function push(heap: Event[], event: Event): void {
  let index = heap.length;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || isBefore(above, event)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = event;
}

function pop(heap: Event[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    const [a, b] = [heap[left], heap[left + 1]];
    const child = a !== undefined && b !== undefined && isBefore(b, a) ? left + 1 : left;
    const below = heap[child];
    if (below === undefined || !isBefore(below, last)) break;
    heap[index] = below;
    index = child;
  }
  heap[index] = last;
}
