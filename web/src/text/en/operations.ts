import { counting } from "../counted.ts";

const counted = counting("en");
const jobs = (count: number, atLeast = false) =>
  `${atLeast ? "at least " : ""}${counted(count, "job", "jobs")}`;

/** The pages Operations and Operation, and the dialog that begins one. */
export const operations = {
  title: "Operations",
  one: "Operation",
  table: "Operations, newest first",
  none: "No operation yet",
  noneText:
    "What is done to many jobs at once, from the page Jobs, is listed here with how far it got.",
  toJobs: "Go to the jobs",
  columns: { what: "What", state: "State", progress: "Progress", by: "By", when: "Began" },
  states: { running: "Running", completed: "Completed", cancelled: "Stopped" },
  actions: {
    retry: "Retry",
    cancel: "Cancel",
    runNow: "Run now",
    delete: "Delete",
    move: "Move",
    changePriority: "Change priority",
  },
  /** What is done to how many, or to at least so many. */
  titles: {
    retry: (count: number, atLeast?: boolean) => `Retry ${jobs(count, atLeast)}`,
    cancel: (count: number, atLeast?: boolean) => `Cancel ${jobs(count, atLeast)}`,
    runNow: (count: number, atLeast?: boolean) => `Run ${jobs(count, atLeast)} now`,
    delete: (count: number, atLeast?: boolean) => `Delete ${jobs(count, atLeast)}`,
    move: (count: number, atLeast?: boolean) => `Move ${jobs(count, atLeast)}`,
    changePriority: (count: number, atLeast?: boolean) =>
      `Change the priority of ${jobs(count, atLeast)}`,
  },
  effects: {
    retry: "They become available at once, with all their attempts before them.",
    cancel:
      "Those that wait will not run; those that run are asked to stop. They can be retried afterwards.",
    runNow: "They no longer wait for their time.",
    delete: "They are removed with their payloads, attempts and logs. This cannot be undone.",
    move: "They go to the end of the other queue. Where they came from is not kept.",
    changePriority: "They go to the end of their new priority. The old one is not kept.",
  },
  applies: {
    retry: "Only cancelled and discarded jobs are retried.",
    cancel: "Only jobs that are not finished are cancelled.",
    runNow: "Only scheduled and retryable jobs wait for a time.",
    delete: "Running jobs are not deleted; cancel them first.",
    move: "Only jobs that wait are moved.",
    changePriority: "Only jobs that wait have a place in line.",
  },
  bulk: {
    selectAll: (count: string) => `Select all ${count} matching`,
    allSelected: (count: string) => `All ${count} matching are selected`,
    onlyPage: "Only those of this page",
    held: "The list stands still meanwhile",
    clear: "Select none",
    looking: "Counting what it would be done to",
    matched: "It would be done to",
    matchedAtLeast: "It would be done to these, and to older ones that were not counted",
    counting: (percent: string | undefined) =>
      percent === undefined
        ? "Older jobs are being counted …"
        : `It would be done to these, and older ones are being counted: ${percent} …`,
    countFirst: "It cannot be taken back, so all are counted first.",
    noneMatched: "There is nothing it can be done to",
    noneNewest: "It can be done to none of the newest jobs",
    olderToo: "Older ones were not looked at. The operation looks at every job there is.",
    everyJob: "The filter is empty: this is about every job there is.",
    sample: "Among them",
    why: "Why",
    whyHint: "Kept with the jobs. May be left empty.",
    queue: "To the queue",
    queueMissing: "Name a queue",
    priority: "New priority",
    priorityHint: "0 to 9; lower runs first.",
    priorityWrong: "A whole number from 0 to 9",
    typeCount: (count: string) => `Type ${count} to confirm`,
    typeCountHint: "So that a slip of the hand deletes nothing.",
    typeCountWrong: (count: string) => `This is not ${count}`,
    beginsIn: (seconds: number) => `Begins in ${seconds} s`,
    beginsText: "Nothing has been done yet. Leaving this page takes it back as well.",
    beginNow: "Begin now",
    started: "The operation began. It goes on when this page is left.",
  },
  progress: {
    label: "How far it has got",
    of: (done: string, all: string) => `${done} of ${all}`,
    done: "Done",
    skipped: "Skipped",
    skippedHint: "Claimed or finished meanwhile, or another job holds their unique key",
    failed: "Failed",
    matched: "Matched at the start",
    matchedAtLeast: "Matched, as far as counted",
    counting: (count: string) => `Counting its jobs: ${count} so far`,
    lastError: "The last error",
  },
  facts: {
    title: "Facts",
    filter: "Filter",
    everyJob: "every job",
    by: "By",
    why: "Why",
    queue: "To the queue",
    priority: "New priority",
    began: "Began",
    ended: "Ended",
    took: "Took",
  },
  stop: {
    action: "Stop",
    title: "Stop this operation?",
    effect: "What is done stays done; the rest is left as it is.",
    confirm: "Stop it",
    done: "The operation was stopped",
    over: "It is over already",
  },
  back: {
    title: "The way back",
    retry: "Retry what was cancelled",
    retryText:
      "Jobs of its filter that were cancelled since it began. Those that somebody else cancelled meanwhile are among them, so look at the list before.",
    see: "See these jobs",
    none: {
      retry:
        "What was retried cannot be told from other jobs any more, so there is no way back for all at once.",
      runNow: "The times they waited for were not kept, so there is no way back.",
      delete: "Deleted jobs are gone, so there is no way back.",
      move: "The queues they came from were not kept, so there is no way back for all at once.",
      changePriority:
        "Their old priorities were not kept, so there is no way back for all at once.",
    },
    nothing: "Nothing was done, so there is nothing to take back.",
  },
};
