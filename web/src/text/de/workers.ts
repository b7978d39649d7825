import type { Catalogue } from "../catalogue.ts";
import { counting } from "../counted.ts";

const counted = counting("de");

export const workers: Catalogue["workers"] = {
  title: "Worker",
  empty: "Keine Worker sind angemeldet",
  emptyText: "Jobs warten, bis ein Worker startet, der ihre Queue bedient.",
  summary: (count, busy, places) =>
    `${counted(count, "Worker", "Worker")}, ${busy} von ${places} Plätzen belegt`,
  id: (id) => `Worker ${id}`,
  alive: "Lebt",
  silent: "Verstummt",
  beat: (ago) => `Lebenszeichen ${ago}`,
  draining: "Läuft aus",
  drainingBy: (by) => `Läuft aus, auf Wunsch von ${by}`,
  unknown: "unbekannt",
  versionDiffers: (version) => `Andere Version: ${version}`,
  versionDiffersTitle: "Er läuft mit einer anderen Version von Holdfast als die meisten Worker",
  noReport:
    "Er hat noch nicht gesagt, wie es ihm geht: Er ist gerade gestartet oder zu alt, um es zu sagen.",
  places: "Belegte Plätze",
  placesWord: "Plätze",
  pid: "Prozess",
  version: "Version",
  uptime: "Läuft seit",
  lag: "Verzug der Hauptschleife",
  memory: "Speicher",
  heap: "Heap",
  queues: "Queues",
  runs: "Führt gerade aus",
  runsNothing: "nichts",
  andMore: (count) => `und ${count} weitere`,
  drain: "Auslaufen lassen",
  drainOne: (host) => `${host} auslaufen lassen`,
  drainsAlready: "Er läuft schon aus",
  drainTitle: (host) => `${host} auslaufen lassen?`,
  drainEffect: (running) =>
    running === 0
      ? "Er nimmt keine Jobs mehr an und hört auf. Das lässt sich nicht zurücknehmen; wer ihn gestartet hat, kann ihn wieder starten."
      : `Er nimmt keine Jobs mehr an, lässt ${counted(running, "laufenden Job", "laufende Jobs")} enden und hört dann auf. Jobs, die zu lange brauchen, werden gebeten aufzuhören und laufen anderswo neu. Das lässt sich nicht zurücknehmen; wer ihn gestartet hat, kann ihn wieder starten.`,
  drained: (host) => `${host} läuft aus`,
};
