export { currentJob } from "./service/current-job.ts";
export type { CurrentJob } from "./core/job-context.ts";
