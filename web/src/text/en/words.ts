import { counting } from "../counted.ts";

const counted = counting("en");

/** The states of a job. */
export const states = {
  scheduled: "Scheduled",
  available: "Available",
  blocked: "Blocked",
  running: "Running",
  retryable: "Retryable",
  completed: "Completed",
  cancelled: "Cancelled",
  discarded: "Discarded",
};

/** Words that components and pages share. */
export const words = {
  loading: "Loading",
  retry: "Try again",
  copy: "Copy",
  copied: "Copied",
  undo: "Undo",
  dismiss: "Dismiss",
  cancel: "Keep as it is",
  never: "never",
  none: "none",
  now: "now",
  on: "on",
  off: "off",
  yes: "Yes",
  no: "No",
  all: "All",
  apply: "Apply",
  save: "Save",
  reset: "Reset",
  more: "More",
  actions: "Actions",
  newer: "Newer",
  older: "Older",
  selected: (count: number) => `${new Intl.NumberFormat("en").format(count)} selected`,
  selectAll: "Select all on this page",
  selectRow: (name: string) => `Select ${name}`,
  jobs: (count: number) => counted(count, "job", "jobs"),
  atLeast: (count: string) => `${count} or more`,
  local: "local time",
  utc: "UTC",
  noAnswer: "The server does not answer",
  noAnswerDetail: "Check that it runs and that you can reach it. This page asks again by itself.",
  failed: "That did not work",
  problems: {
    400: "That was not understood",
    401: "You are not signed in",
    403: "You may not do this",
    404: "There is nothing here",
    409: "It is not as it was",
    413: "That is too much at once",
    429: "Too many requests",
    500: "The server failed",
    502: "Something between here and the server failed",
    503: "The server cannot answer now",
    504: "The server took too long",
  },
  missingPermission: (permission: string) => `You lack the permission ${permission}`,
  readOnlyReason: "This dashboard is read only",
};

/** Trees of JSON. */
export const json = {
  text: "Text",
  expand: "Open",
  collapse: "Close",
  expandAll: "Open all",
  collapseAll: "Close all",
  items: (count: number) => counted(count, "item", "items"),
  keys: (count: number) => counted(count, "key", "keys"),
  showMore: (count: number) => `Show ${counted(count, "more", "more")}`,
  showText: (count: number) => `Show all ${counted(count, "character", "characters")}`,
  invalid: "This is no JSON; here it is as it was stored.",
};

/** Charts. */
export const chart = {
  zoomOut: "Whole range",
  zoomHint: "Drag across the chart to zoom in.",
  asTable: "As a table",
  time: "Time",
  gist: (sum: string, most: string) => `${sum} in all, at most ${most} at once`,
  noData: "Nothing happened in this range.",
};
