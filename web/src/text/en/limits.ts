/** The page Limits. */
export const limits = {
  title: "Limits",
  empty: "No limits yet",
  emptyText:
    "Code declares them: with limits of a job's definition, or with client.limits.declare.",
  undeclaredTitle: "Jobs wait for limits that nobody has declared",
  undeclaredText:
    "They are let in once the code that declares them is started, or client.limits.declare is called:",
  scope: "Limit",
  edited: "Changed by hand",
  editedTitle: "What code declares no longer counts",
  use: "In use",
  ofAny: "of any number",
  rate: "Rate",
  none: "none",
  waiting: "Waiting",
  actions: "Actions",
  change: "Change",
  changeOne: (scope: string) => `Change ${scope}`,
  hint: "It holds from now on, and later deploys do not change it back.",
  done: (scope: string) => `Limit ${scope} is changed`,
  fields: {
    concurrent: {
      label: "At once",
      hint: "Jobs, by their weights, that are let in at once",
      empty: "any number",
      wrong: "A whole number from 1, or nothing",
    },
    rate: {
      label: "Rate",
      hint: "So many in so long, such as 100/1m",
      empty: "none",
      wrong: "A number, a slash and a time, such as 100/1m, or nothing",
    },
  },
};
