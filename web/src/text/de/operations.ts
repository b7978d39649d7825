import type { Catalogue } from "../catalogue.ts";
import { counting } from "../counted.ts";

const counted = counting("de");
const jobs = (count: number, atLeast = false) =>
  `${atLeast ? "mindestens " : ""}${counted(count, "Job", "Jobs")}`;

const first = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

export const operations: Catalogue["operations"] = {
  title: "Vorgänge",
  one: "Vorgang",
  table: "Vorgänge, neueste zuerst",
  none: "Noch kein Vorgang",
  noneText:
    "Was auf der Seite Jobs mit vielen Jobs auf einmal geschieht, steht hier mit seinem Fortschritt.",
  toJobs: "Zu den Jobs",
  columns: { what: "Was", state: "Stand", progress: "Fortschritt", by: "Wer", when: "Begonnen" },
  states: { running: "Läuft", completed: "Fertig", cancelled: "Angehalten" },
  actions: {
    retry: "Wiederholen",
    cancel: "Abbrechen",
    runNow: "Jetzt ausführen",
    delete: "Löschen",
    move: "Verschieben",
    changePriority: "Priorität ändern",
  },
  titles: {
    retry: (count, atLeast) => `${first(jobs(count, atLeast))} wiederholen`,
    cancel: (count, atLeast) => `${first(jobs(count, atLeast))} abbrechen`,
    runNow: (count, atLeast) => `${first(jobs(count, atLeast))} jetzt ausführen`,
    delete: (count, atLeast) => `${first(jobs(count, atLeast))} löschen`,
    move: (count, atLeast) => `${first(jobs(count, atLeast))} verschieben`,
    changePriority: (count, atLeast) => `Priorität ändern: ${jobs(count, atLeast)}`,
  },
  effects: {
    retry: "Sie sind sofort verfügbar und haben wieder alle Versuche vor sich.",
    cancel:
      "Wartende laufen nicht mehr; laufende werden gebeten aufzuhören. Danach können sie wiederholt werden.",
    runNow: "Sie warten nicht länger auf ihre Zeit.",
    delete:
      "Sie werden mit Nutzlast, Versuchen und Protokoll entfernt. Das lässt sich nicht rückgängig machen.",
    move: "Sie kommen ans Ende der anderen Queue. Woher sie kamen, wird nicht vermerkt.",
    changePriority: "Sie kommen ans Ende ihrer neuen Priorität. Die alte wird nicht vermerkt.",
  },
  applies: {
    retry: "Wiederholt werden nur abgebrochene und verworfene Jobs.",
    cancel: "Abgebrochen werden nur Jobs, die nicht beendet sind.",
    runNow: "Nur geplante Jobs und solche vor einer Wiederholung warten auf eine Zeit.",
    delete: "Laufende Jobs werden nicht gelöscht; brechen Sie sie zuerst ab.",
    move: "Verschoben werden nur wartende Jobs.",
    changePriority: "Nur wartende Jobs haben einen Platz in der Reihe.",
  },
  bulk: {
    selectAll: (count) => `Alle ${count} passenden auswählen`,
    allSelected: (count) => `Alle ${count} passenden sind ausgewählt`,
    onlyPage: "Nur die dieser Seite",
    held: "Die Liste steht so lange still",
    clear: "Auswahl aufheben",
    looking: "Es wird gezählt, womit es geschähe",
    matched: "Es geschähe mit",
    matchedAtLeast: "Es geschähe mit diesen und mit älteren, die nicht gezählt wurden",
    counting: (percent) =>
      percent === undefined
        ? "Ältere Jobs werden gezählt …"
        : `Es geschähe mit diesen, und ältere werden gezählt: ${percent} …`,
    countFirst: "Das lässt sich nicht zurücknehmen, darum werden erst alle gezählt.",
    noneMatched: "Es gibt nichts, womit das geschehen könnte",
    noneNewest: "Es könnte mit keinem der neuesten Jobs geschehen",
    olderToo: "Ältere wurden nicht angesehen. Der Vorgang sieht sich alle Jobs an, die es gibt.",
    everyJob: "Der Filter ist leer: Es geht um alle Jobs, die es gibt.",
    sample: "Darunter",
    why: "Warum",
    whyHint: "Wird bei den Jobs vermerkt. Darf leer bleiben.",
    queue: "In die Queue",
    queueMissing: "Nennen Sie eine Queue",
    priority: "Neue Priorität",
    priorityHint: "0 bis 9; die niedrigere läuft zuerst.",
    priorityWrong: "Eine ganze Zahl von 0 bis 9",
    typeCount: (count) => `Zur Bestätigung ${count} eingeben`,
    typeCountHint: "Damit kein Versehen etwas löscht.",
    typeCountWrong: (count) => `Das ist nicht ${count}`,
    beginsIn: (seconds) => `Beginnt in ${seconds} s`,
    beginsText: "Noch ist nichts geschehen. Auch wer diese Seite verlässt, nimmt es zurück.",
    beginNow: "Jetzt beginnen",
    started: "Der Vorgang hat begonnen. Er läuft weiter, wenn Sie diese Seite verlassen.",
  },
  progress: {
    label: "Wie weit er ist",
    of: (done, all) => `${done} von ${all}`,
    done: "Getan",
    skipped: "Übergangen",
    skippedHint:
      "Inzwischen vergeben oder beendet, oder ein anderer Job hält ihren eindeutigen Schlüssel",
    failed: "Misslungen",
    matched: "Passend zu Beginn",
    matchedAtLeast: "Passend, soweit gezählt",
    counting: (count) => `Zählt seine Jobs: ${count} bisher`,
    lastError: "Der letzte Fehler",
  },
  facts: {
    title: "Angaben",
    filter: "Filter",
    everyJob: "alle Jobs",
    by: "Wer",
    why: "Warum",
    queue: "In die Queue",
    priority: "Neue Priorität",
    began: "Begonnen",
    ended: "Beendet",
    took: "Dauerte",
  },
  stop: {
    action: "Anhalten",
    title: "Diesen Vorgang anhalten?",
    effect: "Was getan ist, bleibt getan; der Rest bleibt, wie er ist.",
    confirm: "Anhalten",
    done: "Der Vorgang wurde angehalten",
    over: "Er ist schon vorbei",
  },
  back: {
    title: "Der Weg zurück",
    retry: "Abgebrochene wiederholen",
    retryText:
      "Jobs seines Filters, die abgebrochen wurden, seit er begann. Auch solche sind dabei, die jemand anders inzwischen abgebrochen hat; sehen Sie vorher die Liste an.",
    see: "Diese Jobs ansehen",
    none: {
      retry:
        "Wiederholte Jobs sind von anderen nicht mehr zu unterscheiden; einen gemeinsamen Weg zurück gibt es nicht.",
      runNow: "Die Zeiten, auf die sie warteten, wurden nicht vermerkt; es gibt keinen Weg zurück.",
      delete: "Gelöschte Jobs sind fort; es gibt keinen Weg zurück.",
      move: "Ihre früheren Queues wurden nicht vermerkt; einen gemeinsamen Weg zurück gibt es nicht.",
      changePriority:
        "Ihre früheren Prioritäten wurden nicht vermerkt; einen gemeinsamen Weg zurück gibt es nicht.",
    },
    nothing: "Nichts wurde getan, also ist nichts zurückzunehmen.",
  },
};
