/** Who waits, first come first served. */
export interface WaitingLine {
  join(next: () => void): void;
  /** The one who waited longest leaves the line; `undefined` when it is empty. */
  leave(): (() => void) | undefined;
  length(): number;
}

const mostServed = 1_024;

/** An empty line. Taking from the front of a long array is dear, so those served are dropped many at a time. */
export function createWaitingLine(): WaitingLine {
  const line: (() => void)[] = [];
  let served = 0;
  return {
    join(next) {
      line.push(next);
    },
    leave() {
      const first = line[served];
      if (first === undefined) return undefined;
      served += 1;
      if (served > mostServed) {
        line.splice(0, served);
        served = 0;
      }
      return first;
    },
    length: () => line.length - served,
  };
}
