import { counting } from "../counted.ts";

const counted = counting("en");

/** The page Jobs. */
export const jobs = {
  title: "Jobs",
  enqueue: "Enqueue a job",
  states: "States",
  allStates: "All states",
  sidebar: {
    all: (count: string) => `Show all ${count}`,
    fewer: "Show fewer",
    width: "Width of the sidebar",
  },
  table: "Jobs, newest first",
  columns: { job: "Job", state: "State", queue: "Queue", when: "When" },
  attempt: (number: number) => `Attempt ${number}`,
  crashes: (count: number) => counted(count, "crash in a row", "crashes in a row"),
  cancelling: "Asked to stop",
  waitsAt: (gate: string) => `Waits at ${gate}`,
  onWorker: (worker: string) => `On worker ${worker}`,
  lookedBack: (time: string) => `Looked back to ${time}`,
  lookedSome: "Looked at part of the jobs",
  goOn: "Go on",
  empty: {
    title: "No job matches",
    partialTitle: "Nothing found so far",
    noneAtAll: "There are no jobs yet",
    noneAtAllText: "They appear here as soon as a program enqueues one.",
    partial: "Only part of the jobs was looked at, so that this stays quick. Older ones may match.",
    noneOlder: "No older job matches. Go back to the newer ones.",
    state: (state: string) => `None of the other conditions is wrong: no such job is ${state}.`,
    conditions: "All conditions must hold at once. Take one away:",
    kept: "Finished jobs are removed after the time their queue keeps them.",
    without: (condition: string) => `Without ${condition}`,
  },
  views: {
    title: "Views",
    save: "Save this view",
    name: "Name",
    nameHint: "This browser keeps it. A view of the same name is replaced.",
    remove: (name: string) => `Remove ${name}`,
    removed: (name: string) => `The view ${name} was removed`,
    saved: (name: string) => `The view ${name} was saved`,
    failed: "Discarded in the last day",
    retrying: "About to be tried again",
    waiting: "Due for more than 5 minutes",
    running: "Running now",
    ofThisBrowser: "Saved in this browser",
  },
  chart: {
    title: "Activity",
    show: "Show the chart",
    hide: "Hide the chart",
    what: "What to show",
    everything: "All jobs",
    only: (what: string) => `Only ${what}`,
    notFiltered: "The chart knows queue and name; other conditions are not in it.",
  },
};

/** The search field of the page Jobs. */
export const filter = {
  label: "Filter jobs",
  placeholder: "state:discarded queue:emails payload.user.id:42",
  more: "Add a condition",
  help: "Write conditions such as state:discarded; all must hold. Tab takes what is offered, Enter applies.",
  remove: (condition: string) => `Remove ${condition}`,
  edit: (condition: string) => `Edit ${condition}`,
  clear: "Clear the filter",
  offered: "What can be written here",
  offers: (count: number) => counted(count, "offer", "offers"),
  fieldHint: (_name: string, hint: string) => hint,
  valueHint: (_text: string, hint: string) => hint,
  problem: (_kind: string, message: string, _written: string, _example: string | undefined) =>
    message,
};
