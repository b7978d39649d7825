/** A named line of jobs with its settings. Times are milliseconds since the epoch. */
export interface Queue {
  readonly name: string;
  readonly paused: boolean;
  /** Until when a throttled handler has closed it; `null` when it is open. */
  readonly closedUntil: number | null;
  /** Jobs ready to be claimed. */
  readonly available: number;
  readonly running: number;
}
