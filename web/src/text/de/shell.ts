import type { Catalogue } from "../catalogue.ts";
import { counting } from "../counted.ts";

const counted = counting("de");

export const shell: Catalogue["shell"] = {
  skip: "Zum Inhalt springen",
  pages: "Seiten",
  titles: {
    overview: "Übersicht",
    jobs: "Jobs",
    queues: "Queues",
    schedules: "Zeitpläne",
    workers: "Worker",
    limits: "Limits",
    operations: "Vorgänge",
    health: "Zustand",
    audit: "Protokoll",
  },
  menu: "Menü",
  close: "Schließen",
  help: "Tastenkürzel",
  readOnly: "Nur lesen",
  signedIn: (actor, role) =>
    role === undefined ? `Angemeldet als ${actor}` : `Angemeldet als ${actor} (${role})`,
  roles: { viewer: "Betrachter", operator: "Betrieb", admin: "Verwaltung" },
  theme: { label: "Farbschema", system: "Wie das System", light: "Hell", dark: "Dunkel" },
  language: "Sprache",
  connection: {
    connecting: "Verbinden",
    live: "Live",
    polling: "Abfrage",
    offline: "Offline",
    connectingTitle: "Die Verbindung für Änderungen wird aufgebaut",
    liveTitle: "Änderungen erscheinen, sobald sie geschehen",
    pollingTitle: "Hier kommt kein Datenstrom durch: Die Seite fragt alle paar Sekunden nach",
    offlineTitle: "Der Server antwortet nicht: Sie sehen den letzten bekannten Stand",
  },
  broken: {
    title: "Diese Seite ist abgestürzt",
    text: "Neu laden hilft, wenn das Dashboard inzwischen aktualisiert wurde. Bleibt es dabei, melden Sie es bitte.",
  },
  lost: {
    title: "Diese Seite gibt es nicht",
    text: "Die Adresse führt nirgendwohin. Vielleicht wurde sie von Hand eingegeben oder gehört zu einer anderen Version.",
    home: "Zur Übersicht",
  },
};

export const palette: Catalogue["palette"] = {
  title: "Gehe zu oder tue",
  placeholder: "Seite, Queue, Zeitplan oder Nummer eines Jobs",
  pages: "Seiten",
  jobs: "Jobs",
  queues: "Queues",
  views: "Gespeicherte Ansichten",
  schedules: "Zeitpläne",
  actions: "Aktionen",
  job: (id) => `Job ${id}`,
  searchJobs: (text) => `Jobs suchen: ${text}`,
  nothing: "Nichts passt.",
  found: (count) => counted(count, "Eintrag", "Einträge"),
};

export const keys: Catalogue["keys"] = {
  title: "Tastenkürzel",
  everywhere: "Überall",
  here: "Auf dieser Seite",
  goTo: (page) => `Gehe zu: ${page}`,
  help: "Diese Tastenkürzel zeigen",
  palette: "Palette öffnen",
  search: "Suchen",
  theme: "Farbschema wechseln",
  close: "Offenes schließen",
  nextRow: "Nächste Zeile",
  previousRow: "Vorherige Zeile",
  openRow: "Zeile öffnen",
  selectRow: "Zeile auswählen",
  followedBy: "dann",
};
