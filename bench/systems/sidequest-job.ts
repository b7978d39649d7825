import { Job } from "sidequest";
import type { ConsumerPlan, Payload } from "../system.ts";

/** The job that Sidequest loads from this file by itself; the consumer of the process says what it does. */
export class NoopJob extends Job {
  static handle: ConsumerPlan["handle"] = () => {};

  override async run(payload: Payload): Promise<void> {
    await NoopJob.handle(payload);
  }
}
