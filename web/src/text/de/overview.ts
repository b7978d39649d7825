import type { Catalogue } from "../catalogue.ts";
import { counting } from "../counted.ts";

const counted = counting("de");
const jobs = (count: number) => counted(count, "Job", "Jobs");

export const overview: Catalogue["overview"] = {
  title: "Übersicht",
  tiles: {
    title: "Wie es steht",
    completed: "Erledigt",
    failed: "Fehlgeschlagen",
    retried: "Wiederholt",
    perMinute: "in der letzten vollen Minute",
    waiting: "Wartend",
    waitingNote: "jetzt fällige Jobs",
    oldest: "Am längsten wartend",
    oldestNote: "so lange schon fällig",
    busy: "Belegt",
    used: (share) => `${share} aller Plätze`,
    noPlaces: "kein Worker ist da",
  },
  attention: {
    title: "Braucht Aufmerksamkeit",
    nothing: "Nichts braucht Ihre Aufmerksamkeit.",
    all: (count) => `Alle ${count} zeigen`,
    less: "Weniger zeigen",
    severities: { problem: "Problem", warning: "Warnung", note: "Hinweis" },
    kinds: {
      "queue-unserved": (queue, count) =>
        count > 0
          ? `Kein Worker nimmt die Jobs der Queue ${queue}: ${count === 1 ? "1 Job wartet" : `${jobs(count)} warten`}`
          : `Kein Worker nimmt die Jobs der Queue ${queue}`,
      "queue-paused": (queue) => `Queue ${queue} ist angehalten`,
      "queue-cooling": (queue) => `Queue ${queue} kühlt ab: Ein Handler hat um weniger gebeten`,
      "schedule-failing": (schedule) =>
        `Aus den Terminen des Zeitplans ${schedule} werden keine Jobs`,
      "schedule-overdue": (schedule) => `Zeitplan ${schedule} ist fällig, und niemand löst ihn aus`,
      "jobs-rescued": (queue, count) =>
        `In der letzten Stunde ${count === 1 ? "musste 1 Job" : `mussten ${jobs(count)}`} der Queue ${queue} von toten Workern gerettet werden`,
      "jobs-discarded": (queue, count) =>
        `In der letzten Stunde ${count === 1 ? "wurde 1 Job" : `wurden ${jobs(count)}`} der Queue ${queue} aufgegeben`,
      "worker-silent": (worker) => `Worker ${worker} hat sich eine Weile nicht gemeldet`,
      "worker-version": (versions) =>
        `Die Worker laufen mit verschiedenen Versionen von Holdfast: ${versions}`,
      "limit-undeclared": (limit) =>
        `Jobs warten auf das Limit ${limit}, das niemand deklariert hat`,
    },
  },
  queues: {
    title: "Queues",
    all: "Alle Queues",
    idle: "nichts zu tun",
    failed: (count) => `${count} in der letzten Stunde fehlgeschlagen`,
    empty: "Noch keine Queues",
    emptyText:
      "Eine Queue erscheint hier mit ihrem ersten Job, Worker oder ihrer ersten Einstellung.",
  },
};
