import type { Catalogue } from "../catalogue.ts";
import { counting } from "../counted.ts";

const counted = counting("de");

export const states: Catalogue["states"] = {
  scheduled: "Geplant",
  available: "Verfügbar",
  blocked: "Blockiert",
  running: "Läuft",
  retryable: "Wird wiederholt",
  completed: "Erledigt",
  cancelled: "Abgebrochen",
  discarded: "Verworfen",
};

export const words: Catalogue["words"] = {
  loading: "Wird geladen",
  retry: "Erneut versuchen",
  copy: "Kopieren",
  copied: "Kopiert",
  undo: "Rückgängig",
  dismiss: "Ausblenden",
  cancel: "Nichts ändern",
  never: "nie",
  none: "keine",
  now: "jetzt",
  on: "an",
  off: "aus",
  yes: "Ja",
  no: "Nein",
  all: "Alle",
  apply: "Anwenden",
  save: "Speichern",
  reset: "Zurücksetzen",
  more: "Mehr",
  actions: "Aktionen",
  newer: "Neuere",
  older: "Ältere",
  selected: (count) => `${new Intl.NumberFormat("de").format(count)} ausgewählt`,
  selectAll: "Alle auf dieser Seite auswählen",
  selectRow: (name) => `${name} auswählen`,
  jobs: (count) => counted(count, "Job", "Jobs"),
  atLeast: (count) => `${count} oder mehr`,
  local: "Ortszeit",
  utc: "UTC",
  noAnswer: "Der Server antwortet nicht",
  noAnswerDetail:
    "Prüfen Sie, ob er läuft und erreichbar ist. Diese Seite fragt von selbst wieder nach.",
  failed: "Das hat nicht geklappt",
  problems: {
    400: "Das wurde nicht verstanden",
    401: "Sie sind nicht angemeldet",
    403: "Das dürfen Sie nicht",
    404: "Hier ist nichts",
    409: "Es ist nicht mehr, wie es war",
    413: "Das ist zu viel auf einmal",
    429: "Zu viele Anfragen",
    500: "Im Server ist etwas schiefgegangen",
    502: "Auf dem Weg zum Server ist etwas schiefgegangen",
    503: "Der Server kann gerade nicht antworten",
    504: "Der Server hat zu lange gebraucht",
  },
  missingPermission: (permission) => `Ihnen fehlt die Berechtigung ${permission}`,
  readOnlyReason: "Dieses Dashboard ist nur zum Lesen",
};

export const json: Catalogue["json"] = {
  text: "Text",
  expand: "Öffnen",
  collapse: "Schließen",
  expandAll: "Alles öffnen",
  collapseAll: "Alles schließen",
  items: (count) => counted(count, "Eintrag", "Einträge"),
  keys: (count) => counted(count, "Schlüssel", "Schlüssel"),
  showMore: (count) => counted(count, "weiteren zeigen", "weitere zeigen"),
  showText: (count) => `Alle ${counted(count, "Zeichen", "Zeichen")} zeigen`,
  invalid: "Das ist kein JSON; hier steht es, wie es gespeichert wurde.",
};

export const chart: Catalogue["chart"] = {
  zoomOut: "Ganzer Zeitraum",
  zoomHint: "Zum Vergrößern über das Diagramm ziehen.",
  asTable: "Als Tabelle",
  time: "Zeit",
  gist: (sum, most) => `${sum} insgesamt, höchstens ${most} auf einmal`,
  noData: "In diesem Zeitraum ist nichts geschehen.",
};
