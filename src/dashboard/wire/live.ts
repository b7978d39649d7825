/** What can be watched; `job:12` is one job. */
export type Topic =
  | "overview"
  | "jobs"
  | "queues"
  | "workers"
  | "schedules"
  | "limits"
  | "operations"
  | "health"
  | "audit"
  | `job:${string}`
  | `operation:${string}`;

/** The data of an event `change` on `GET api/events?watch=jobs,job:12`: what is to be read again. */
export interface ChangeEvent {
  readonly topic: Topic;
  /** Differs whenever what would be read differs; it says nothing else. */
  readonly version: string;
}

/** The data of the event `hello`, the first of every stream: changes will come through. */
export interface HelloEvent {
  /** How often the server looks, in milliseconds. */
  readonly everyMs: number;
}
