import type { Catalogue } from "../catalogue.ts";

export const limits: Catalogue["limits"] = {
  title: "Limits",
  empty: "Noch keine Limits",
  emptyText:
    "Der Code deklariert sie: mit limits in der Definition eines Jobs oder mit client.limits.declare.",
  undeclaredTitle: "Jobs warten auf Limits, die niemand deklariert hat",
  undeclaredText:
    "Sie werden eingelassen, sobald der Code startet, der sie deklariert, oder client.limits.declare aufgerufen wird:",
  scope: "Limit",
  edited: "Von Hand geändert",
  editedTitle: "Was der Code deklariert, zählt nicht mehr",
  use: "In Gebrauch",
  ofAny: "von beliebig vielen",
  rate: "Rate",
  none: "keine",
  waiting: "Wartend",
  actions: "Aktionen",
  change: "Ändern",
  changeOne: (scope) => `${scope} ändern`,
  hint: "Es gilt ab sofort, und spätere Deployments ändern es nicht zurück.",
  done: (scope) => `Limit ${scope} ist geändert`,
  fields: {
    concurrent: {
      label: "Gleichzeitig",
      hint: "Jobs, nach ihren Gewichten, die gleichzeitig eingelassen werden",
      empty: "beliebig viele",
      wrong: "Eine ganze Zahl ab 1 oder nichts",
    },
    rate: {
      label: "Rate",
      hint: "So viele in so langer Zeit, etwa 100/1m",
      empty: "keine",
      wrong: "Eine Zahl, ein Schrägstrich und eine Zeit, etwa 100/1m, oder nichts",
    },
  },
};
