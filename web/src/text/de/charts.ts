import type { Catalogue } from "../catalogue.ts";

export const charts: Catalogue["charts"] = {
  throughput: "Durchsatz",
  waiting: "Wartezeit",
  running: "Laufzeit",
  range: "Zeitraum",
  ranges: {
    "5m": "5 min",
    "30m": "30 min",
    "1h": "1 h",
    "6h": "6 h",
    "24h": "24 h",
    "7d": "7 T",
  },
  from: (from, to) => `${from} bis ${to}`,
  counted: {
    completed: "Erledigt",
    failed: "Fehlgeschlagen",
    retried: "Wiederholt",
    enqueued: "Eingereiht",
  },
  deploy: (version) => `Holdfast ${version}`,
};
