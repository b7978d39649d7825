import type { Catalogue } from "../catalogue.ts";
import { counting } from "../counted.ts";

const counted = counting("de");

export const jobs: Catalogue["jobs"] = {
  title: "Jobs",
  enqueue: "Job einreihen",
  states: "Zustände",
  allStates: "Alle Zustände",
  sidebar: {
    all: (count) => `Alle ${count} zeigen`,
    fewer: "Weniger zeigen",
    width: "Breite der Seitenleiste",
  },
  table: "Jobs, neueste zuerst",
  columns: { job: "Job", state: "Zustand", queue: "Queue", when: "Wann" },
  attempt: (number) => `Versuch ${number}`,
  crashes: (count) => counted(count, "Absturz in Folge", "Abstürze in Folge"),
  cancelling: "Soll aufhören",
  waitsAt: (gate) => `Wartet vor ${gate}`,
  onWorker: (worker) => `Auf Worker ${worker}`,
  lookedBack: (time) => `Durchsucht bis zurück zu ${time}`,
  lookedSome: "Ein Teil der Jobs wurde durchsucht",
  goOn: "Weitersuchen",
  empty: {
    title: "Kein Job passt",
    partialTitle: "Bisher nichts gefunden",
    noneAtAll: "Es gibt noch keine Jobs",
    noneAtAllText: "Sie erscheinen hier, sobald ein Programm einen einreiht.",
    partial:
      "Damit es schnell bleibt, wurde nur ein Teil der Jobs durchsucht. Ältere könnten passen.",
    noneOlder: "Kein älterer Job passt. Gehen Sie zurück zu den neueren.",
    state: (state) => `An den anderen Bedingungen liegt es nicht: Kein solcher Job ist „${state}“.`,
    conditions: "Alle Bedingungen müssen zugleich gelten. Nehmen Sie eine weg:",
    kept: "Beendete Jobs werden entfernt, sobald ihre Queue sie lange genug aufbewahrt hat.",
    without: (condition) => `Ohne ${condition}`,
  },
  views: {
    title: "Ansichten",
    save: "Diese Ansicht speichern",
    name: "Name",
    nameHint: "Dieser Browser merkt sie sich. Eine Ansicht gleichen Namens wird ersetzt.",
    remove: (name) => `${name} entfernen`,
    removed: (name) => `Die Ansicht ${name} wurde entfernt`,
    saved: (name) => `Die Ansicht ${name} wurde gespeichert`,
    failed: "Am letzten Tag verworfen",
    retrying: "Wird bald wiederholt",
    waiting: "Seit mehr als 5 Minuten fällig",
    running: "Läuft gerade",
    ofThisBrowser: "In diesem Browser gespeichert",
  },
  chart: {
    title: "Verlauf",
    show: "Diagramm zeigen",
    hide: "Diagramm ausblenden",
    what: "Was gezeigt wird",
    everything: "Alle Jobs",
    only: (what) => `Nur ${what}`,
    notFiltered: "Das Diagramm kennt Queue und Namen; andere Bedingungen sind darin nicht.",
  },
};

const fields: Readonly<Record<string, string>> = {
  state: "wo der Job steht",
  queue: "die Queue; * steht für beliebigen Text",
  name: "der Name seiner Definition; * steht für beliebigen Text",
  tag: "ein Tag, das er hat",
  payload: "ein Wert in der Nutzlast",
  error: "Text im neuesten Fehler",
  created: "wann er eingereiht wurde",
  finished: "wann er beendet war",
  wait: "so lange fällig und noch wartend",
  running: "läuft schon so lange",
  duration: "so lange dauerte sein neuester beendeter Versuch",
  rescued: "ob ein Worker starb oder ihn verlor",
  worker: "die Nummer des Workers, bei dem er läuft oder zuletzt lief",
  lane: "die Lane, auf die er wartet",
  gate: "die Lane oder das Limit, worauf er wartet",
  unique: "sein eindeutiger Schlüssel",
  id: "seine Nummer",
};

const values: Readonly<Record<string, string>> = {
  "in the last 15 minutes": "in den letzten 15 Minuten",
  "in the last hour": "in der letzten Stunde",
  "in the last day": "am letzten Tag",
  "more than an hour ago": "vor mehr als einer Stunde",
  "more than a day ago": "vor mehr als einem Tag",
  "more than a week ago": "vor mehr als einer Woche",
  "for longer than 30 seconds": "länger als 30 Sekunden",
  "for longer than 5 minutes": "länger als 5 Minuten",
  "for longer than an hour": "länger als eine Stunde",
};

const problems: Readonly<Record<string, string>> = {
  "unknown-field": "Dieses Feld gibt es nicht. Text mit Doppelpunkt gehört in Anführungszeichen.",
  "no-value": "Nach dem Doppelpunkt fehlt ein Wert.",
  "bad-value": "Dieser Wert passt nicht zu seinem Feld.",
  "bad-operator": "Dieses Zeichen steht bei diesem Feld nicht vor dem Wert.",
  "one-value": "Dieses Feld nimmt nur einen Wert; ein Komma darin gehört in Anführungszeichen.",
  twice: "Danach wird zweimal gefragt; behalten Sie eine der beiden Bedingungen.",
  "no-negation": "Ein Minus davor geht nur bei state.",
  "unclosed-quote": 'Ein Anführungszeichen ist noch offen; schließen Sie es mit ".',
};

export const filter: Catalogue["filter"] = {
  label: "Jobs filtern",
  placeholder: "state:discarded queue:emails payload.user.id:42",
  more: "Bedingung hinzufügen",
  help: "Schreiben Sie Bedingungen wie state:discarded; alle müssen gelten. Tab übernimmt den Vorschlag, Enter wendet an.",
  remove: (condition) => `${condition} entfernen`,
  edit: (condition) => `${condition} bearbeiten`,
  clear: "Filter leeren",
  offered: "Was hier stehen kann",
  offers: (count) => counted(count, "Vorschlag", "Vorschläge"),
  fieldHint: (name, hint) => fields[name] ?? hint,
  valueHint: (_text, hint) => values[hint] ?? hint,
  problem: (kind, message, written, example) => {
    const known = problems[kind];
    if (known === undefined) return message;
    const such = kind === "bad-value" && example !== undefined ? ` Ein Beispiel: ${example}` : "";
    return `${written}: ${known}${such}`;
  },
};
