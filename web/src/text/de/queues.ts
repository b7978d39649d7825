import type { Catalogue } from "../catalogue.ts";
import { counting } from "../counted.ts";

const counted = counting("de");

export const queues: Catalogue["queues"] = {
  title: "Queues",
  empty: "Noch keine Queues",
  emptyText:
    "Eine Queue erscheint hier mit ihrem ersten Job, Worker oder ihrer ersten Einstellung.",
  name: "Queue",
  use: "Läuft",
  history: "Letzte Stunde",
  historyLabel: "Erledigte Jobs, Minute für Minute",
  available: "Verfügbar",
  blocked: "Blockiert",
  scheduled: "Später fällig",
  actions: "Aktionen",
  paused: "Angehalten",
  unserved: "Keine Worker",
  cooling: (left) => `Kühlt ab, noch ${left}`,
  pause: "Anhalten",
  resume: "Fortsetzen",
  of: (word, queue) => `${queue}: ${word}`,
  pausedDone: (queue) => `Queue ${queue} ist angehalten`,
  resumedDone: (queue) => `Queue ${queue} geht weiter`,
  jobs: "Ihre Jobs",
  changed: (by) => `geändert von ${by}`,
  changedBySomebody: "geändert",
  limit: {
    title: "Wie viele gleichzeitig laufen",
    running: "Laufen jetzt",
    none: "Kein Worker nimmt ihre Jobs, also läuft keiner.",
    equal: (effective, workers) => `wirksames Limit ${effective} = ${workers}`,
    least: (effective, workers, most) => `wirksames Limit ${effective} = min(${workers}, ${most})`,
    times: (workers, places) => `${counted(workers, "Worker", "Worker")} × ${places}`,
    sum: (workers, places) =>
      `${places} ${places === "1" ? "Platz" : "Plätze"} von ${counted(workers, "Worker", "Workern")}`,
    byWorkers:
      "Die Worker haben keine weiteren Plätze für sie. Erhöhen Sie die Parallelität, oder starten Sie mehr Worker.",
    byMaxRunning: "Ihre eigene Grenze liegt unter dem, was die Worker ausführen könnten.",
    full: "Alles ist belegt: Weitere Jobs müssen warten.",
  },
};
