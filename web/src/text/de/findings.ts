import type { FindingFacts } from "../../../../src/core/finding-facts.ts";
import type { CappedCount } from "../../../../src/core/job-search.ts";
import type { TitledFindings } from "../finding-words.ts";

const migrate =
  'Führen Sie "npx holdfast migrate" aus, oder lassen Sie es createClient mit migrate: true tun.';
const moreConnections =
  "Heben Sie das Limit an, senken Sie die Option connections der Clients, oder setzen Sie einen Pooler vor die Datenbank.";

const asAnswered = ({ message }: { readonly message: string }) => message;
const userOf = ({ user }: { readonly user: string | null }) => user ?? "dieser Benutzer";
const quoted = (name: string) => name.replaceAll("'", "''");
const jobs = ({ jobs: count, atLeast }: CappedCount, text: string, one: string, many: string) =>
  `${atLeast ? "Mindestens " : ""}${count === 1 ? `1 Job ${one}` : `${text} Jobs ${many}`}`;

const ofDatabase = {
  "database-unreachable": {
    title: "Die Datenbank ist nicht erreichbar",
    detail: asAnswered,
    fix: "Prüfen Sie, ob der Server läuft und ob Host, Port, Netz und Firewall diesen Rechner durchlassen; bei einer Datei ihren Pfad und ihren Ordner.",
  },
  "database-unusable": {
    title: "Die Datenbank verweigert, was Holdfast verlangt",
    detail: ({ error, message }) => `${error}: ${message}`,
    fix: "Tun Sie, was die Meldung sagt, und fragen Sie dann noch einmal: Nicht alles ließ sich ansehen.",
  },
  "database-read-only": {
    title: "Die Datenbank nimmt keine Änderungen an",
    detail: ({ message }) => message ?? "Einreihen, Vergeben und Abschließen werden abgewiesen.",
    fix: "Verbinden Sie sich mit dem Primärserver, oder nehmen Sie default_transaction_read_only zurück; bei einer Datei geben Sie diesem Benutzer das Recht, sie und ihren Ordner zu schreiben.",
  },
  "writer-held": {
    title: "Ein anderer Prozess hält den einzigen Schreibzugriff der Datei",
    detail: () =>
      "Ein anderer Prozess hat seit mindestens einer Sekunde eine Schreibtransaktion auf dieser Datei offen; so lange kann niemand sonst schreiben.",
    fix: "Finden Sie den Prozess, der sie offen hält (lsof nennt alle, die die Datei geöffnet haben), und machen Sie seine Transaktionen kurz.",
  },
  "clock-skewed": {
    title: "Die Uhr dieses Rechners weicht von der der Datenbank ab",
    detail: ({ aheadMs }, { duration }) =>
      `Die Uhr dieses Rechners geht gegenüber der Datenbank ${duration(Math.abs(aheadMs))} ${aheadMs > 0 ? "vor" : "nach"}. Holdfast richtet sich nach der Datenbank, Jobs sind also nicht betroffen; Zeiten, die Ihr Code von der eigenen Uhr nimmt, sind es.`,
    fix: "Lassen Sie einen Zeitdienst (NTP) die Uhren dieses Rechners und der Datenbank stellen.",
  },
} as const satisfies Partial<TitledFindings>;

const ofSchema = {
  "schema-out-of-date": {
    title: "Das Schema ist älter als dieser Code",
    detail: (facts) =>
      "message" in facts
        ? facts.message
        : `Es steht bei Migration ${facts.current}; dieser Code hat ${facts.latest}.`,
    fix: migrate,
  },
  "schema-too-new": {
    title: "Das Schema ist zu neu für diesen Code",
    detail: asAnswered,
    fix: "Aktualisieren Sie holdfast in dieser Anwendung.",
  },
  "schema-changed": {
    title: "Eine Migration wurde mit anderem Inhalt angewandt",
    detail: asAnswered,
    fix: "Stellen Sie die veröffentlichte Fassung von holdfast oder von Ihrer Kopie der Migration wieder her; angewandte Schritte werden nie geändert.",
  },
  "schema-incomplete": {
    title: "Teile des Schemas fehlen",
    detail: ({ missing }, { list }) =>
      `Alle Migrationen sind als angewandt vermerkt, aber dies fehlt oder ist ungültig: ${list(missing)}.`,
    fix: 'Stellen Sie wieder her, was entfernt wurde: "npx holdfast migrate --plan" auf einer leeren Datenbank gibt das SQL jedes Schritts aus. Einen Index bauen Sie mit diesem SQL neu.',
  },
  "permission-missing": {
    title: "Diesem Benutzer fehlt ein nötiges Recht",
    detail: (facts, { list }) => `${userOf(facts)} fehlt: ${list(facts.lacking)}.`,
    fix: (facts) =>
      `Gewähren Sie es (${userOf(facts)}): USAGE auf dem Schema, SELECT, INSERT, UPDATE und DELETE auf allen Tabellen, USAGE und SELECT auf den Sequenzen, EXECUTE auf den Funktionen.`,
  },
  "migrate-forbidden": {
    title: "Dieser Benutzer darf das Schema nicht aktualisieren",
    detail: (facts) =>
      `Migrationen stehen aus, und ${userOf(facts)} darf dort keine Tabellen anlegen.`,
    fix: "Führen Sie die Migrationen als Eigentümer des Schemas aus.",
  },
  "truncate-forbidden": {
    title: "Dieser Benutzer darf den Ring nicht leeren",
    detail: (facts) =>
      `${userOf(facts)} darf live_0 bis live_3 nicht mit TRUNCATE leeren; ihren Platz gibt dann nur Vacuum zurück, und nicht, solange ein alter Snapshot offen ist.`,
    fix: (facts) => `Gewähren Sie TRUNCATE auf den Tabellen live_0 bis live_3 (${userOf(facts)}).`,
  },
} as const satisfies Partial<TitledFindings>;

const ofServer = {
  "connections-scarce": {
    title: "Es sind nur noch wenige Verbindungen frei",
    detail: ({ used, most, limit }, { number }) =>
      `${number(used)} der ${number(most)} Verbindungen, die ${limit} erlaubt, sind belegt.`,
    fix: moreConnections,
  },
  "connections-overbooked": {
    title: "Die Worker dürfen mehr Verbindungen öffnen, als es gibt",
    detail: ({ processes, perProcess, limit, most }, { number }) =>
      `${number(processes)} Prozesse mit Workern dürfen je ${number(perProcess)} Verbindungen öffnen, zusammen ${number(processes * perProcess)}; ${limit} erlaubt ${number(most)}.`,
    fix: moreConnections,
  },
  "durability-off": {
    title: "Ein Absturz des Servers kann bestätigte Jobs verlieren",
    detail: ({ settings }, { list }) =>
      `Der Server läuft mit ${list(settings)}: Ein Job kann weg sein, obwohl enqueue geantwortet hat.`,
    fix: "Setzen Sie fsync, full_page_writes und synchronous_commit auf on, es sei denn, diese Datenbank darf verloren gehen.",
  },
  "vacuum-off": {
    title: "Niemand räumt tote Zeilen weg",
    detail: () => "Der Server läuft mit autovacuum = off.",
    fix: "Setzen Sie autovacuum auf on. Holdfasts Tabellen haben ihre eigenen Schwellen.",
  },
  "snapshot-old": {
    title: "Ein alter Snapshot hält tote Zeilen fest",
    detail: ({ kind, name, who, ageMs, transactions }, { duration, number }) =>
      `${kind === "session" ? "Die Sitzung" : "Die vorbereitete Transaktion"} ${name} (${who}) hält einen Snapshot ${ageMs === null ? "seit einer Zeit, die dieser Benutzer nicht sehen darf" : `seit ${duration(ageMs)}`}, über ${number(transactions)} Transaktionen hinweg. Seitdem gestorbene Zeilen lassen sich nicht entfernen.`,
    fix: releaseSnapshot,
  },
  "slot-inactive": {
    title: "Niemand liest einen Replikations-Slot",
    detail: ({ name, bytes: kept, pins }, { bytes }) =>
      `Der Replikations-Slot ${name} hat keinen Leser und hält ${bytes(kept)} des Write-Ahead-Logs zurück${pins ? ", und mit ihm tote Zeilen" : ""}.`,
    fix: ({ name }) =>
      `Starten Sie seinen Leser wieder, oder entfernen Sie ihn mit pg_drop_replication_slot('${quoted(name)}').`,
  },
  "live-bloated": {
    title: "Die Tabelle der lebenden Jobs ist voller toter Zeilen",
    detail: ({ jobs: live, deadRows, indexBytes }, { bytes, number }) =>
      `Sie hat ${number(live)} Jobs, ${number(deadRows)} tote Zeilen und Indizes von ${bytes(indexBytes)}.`,
    fix: "Sehen Sie nach, wer einen alten Snapshot hält (snapshot-old) oder eine offene Transaktion, die eingereiht hat, und ob der Ring geleert werden darf (truncate-forbidden). Ist das vorbei, geben die Worker den Platz binnen Minuten zurück.",
  },
  "wakeups-dead": {
    title: "Wecksignale kommen nicht an",
    detail: ({ why }) =>
      `Ein Wecksignal an sich selbst kam nicht an: ${why}. Regelmäßiges Nachsehen findet die Arbeit trotzdem, nur später.`,
    fix: "Geben Sie LISTEN auf PostgreSQL eine direkte Verbindung: ohne Transaktions-Pooler und ohne Proxy, der ruhende Verbindungen kappt. Auf SQLite lassen Sie diesen Benutzer die Markierungsdatei neben der Datenbank anlegen und schreiben.",
  },
  "notify-queue-full": {
    title: "Die Benachrichtigungen des Servers stauen sich",
    detail: ({ share }, { percent }) =>
      `Ihr Speicher ist zu ${percent(share)} voll: Eine Sitzung, die LISTEN gesendet hat, sitzt in einer offenen Transaktion und liest nichts. Ist er voll, scheitert jedes NOTIFY auf diesem Server; Holdfast sendet vorher keine eigenen mehr.`,
    fix: "Beenden Sie die Transaktion dieser Sitzung: pg_stat_activity zeigt, wer idle in transaction ist.",
  },
} as const satisfies Partial<TitledFindings>;

function releaseSnapshot({ kind, name }: FindingFacts["snapshot-old"]): string {
  return kind === "session"
    ? `Beenden Sie die Transaktion in der Anwendung, oder mit pg_terminate_backend(${name}); setzen Sie idle_in_transaction_session_timeout, damit es nicht wieder vorkommt.`
    : `COMMIT PREPARED oder ROLLBACK PREPARED '${quoted(name)}'.`;
}

const ofFile = {
  "file-replaced": {
    title: "Die geöffnete Datei liegt nicht mehr an ihrem Pfad",
    detail: ({ path }) =>
      `${path} wurde entfernt, verschoben oder ersetzt, während dieser Prozess sie offen hat: Was jetzt geschrieben wird, geht in eine Datei, die niemand je wieder öffnet.`,
    fix: "Beenden Sie alle Prozesse, die die Datei benutzen, legen Sie die richtige an ihren Platz, und starten Sie sie wieder.",
  },
  "network-file-system": {
    title: "Die Datei liegt auf einem Netzlaufwerk",
    detail: ({ path, network }) =>
      `${path} liegt auf ${network}. Dateisperren sind dort für SQLite nicht verlässlich genug, und mehrere Prozesse können die Datei beschädigen.`,
    fix: "Verschieben Sie die Datei auf eine lokale Platte, oder nehmen Sie PostgreSQL für Jobs, die sich mehrere Rechner teilen.",
  },
  "wal-large": {
    title: "Das Write-Ahead-Log ist groß",
    detail: ({ path, walBytes }, { bytes }) =>
      `${path}-wal hat ${bytes(walBytes)}. Es schrumpft nur, wenn niemand einen älteren Stand der Datei liest.`,
    fix: "Finden und beenden Sie die Verbindung, die eine Lesetransaktion offen hält, oft ein vergessener Cursor oder ein Sicherungsprogramm. Auch das Schließen der letzten Verbindung leert das Log.",
  },
} as const satisfies Partial<TitledFindings>;

const ofWorkers = {
  "worker-silent": {
    title: "Ein Worker hat sich lange nicht gemeldet",
    detail: ({ worker, pid, host, lastBeatMs, leaseMs }, { duration }) =>
      `Worker ${worker} (Prozess ${pid} auf ${host}) meldete sich zuletzt vor ${duration(lastBeatMs)}; erlaubt sind ${duration(leaseMs)}.`,
    fix: "Sehen Sie nach, ob der Prozess lebt und die Datenbank erreicht. Ist seine Frist um, erklärt ihn jeder andere Worker für tot und rettet seine Jobs; ohne anderen Worker tut es niemand, starten Sie also einen.",
  },
  "worker-lagging": {
    title: "Die Hauptschleife eines Workers steht lange still",
    detail: ({ worker, pid, host, lagMs }, { duration }) =>
      `Die Hauptschleife von Worker ${worker} (Prozess ${pid} auf ${host}) war zwischen seinen letzten beiden Meldungen ${duration(lagMs)} zu spät.`,
    fix: "Finden Sie den Handler, der so lange ohne Pause rechnet, und lassen Sie ihn in einem Thread oder Kindprozess laufen (holdfast/process); oder senken Sie die Parallelität.",
  },
  "maintenance-failing": {
    title: "Ein Durchgang der Wartung schlägt fehl",
    detail: ({ worker, pass, error }) =>
      `Der letzte Lauf von „${pass}“ auf Worker ${worker} schlug fehl: ${error}`,
    fix: "Er wird von selbst wiederholt, auch von jedem anderen Worker. Geht es so weiter, tun Sie, was der Fehler sagt.",
  },
  "jobs-abandoned": {
    title: "Jobs toter Worker warten darauf, gerettet zu werden",
    detail: (left, { number }) =>
      `${jobs(left, number(left.jobs), "blieb", "blieben")} laufend zurück, als Worker verschwanden, und kein lebender Worker ist da, der sie rettet.`,
    fix: "Starten Sie einen Worker, gleich welcher Queue.",
  },
} as const satisfies Partial<TitledFindings>;

const ofWork = {
  "queue-unserved": {
    title: "Kein Worker bedient eine Queue, in der Jobs warten",
    detail: (waiting, { number }) =>
      `${jobs(waiting, number(waiting.jobs), "wartet", "warten")} in „${waiting.queue}“, und kein Worker nimmt Jobs dieser Queue.`,
    fix: "Starten Sie einen Worker mit einem Handler dieser Queue, oder nennen Sie die Queue in der Option queues eines Workers. Worker, die nur noch zu Ende bringen oder länger still sind als erlaubt, nehmen keine.",
  },
  "handler-missing": {
    title: "Kein Worker kann wartende Jobs ausführen",
    detail: ({ jobs: waiting, atLeast, name, queue, workers, known, version }, { list, number }) =>
      `${atLeast ? "Mindestens " : ""}${number(waiting)} × „${name}“ in „${queue}“, und keiner der Worker dort (${list(workers)}) ${known ? `versteht Version ${version} der Nutzlast` : "hat den Handler dafür"}.`,
    fix: "Bringen Sie einen Worker aus, der den Handler und die neueste Definition hat; Jobs, die niemand braucht, brechen Sie nach Nummer ab.",
  },
  "jobs-overdue": {
    title: "Jobs sind fällig, und niemand macht sie verfügbar",
    detail: (due, { duration, number }) =>
      `${jobs(due, number(due.jobs), "ist", "sind")} überfällig, der erste seit ${duration(due.oldestMs)}.`,
    fix: "Jeder lebende Worker macht fällige Jobs verfügbar, gleich welche Queues er bedient: Starten Sie einen, oder sehen Sie in das Log derer, die laufen.",
  },
  "ticks-missed": {
    title: "Niemand löst einen fälligen Zeitplan aus",
    detail: ({ schedule, lateMs }, { duration }) =>
      `„${schedule}“ war vor ${duration(lateMs)} fällig.`,
    fix: "Jeder lebende Worker löst Termine aus, gleich welche Queues er bedient: Starten Sie einen, oder sehen Sie in das Log derer, die laufen.",
  },
  "schedule-failing": {
    title: "Aus den Terminen eines Zeitplans werden keine Jobs",
    detail: ({ schedule, tries, error, message }, { number }) =>
      `„${schedule}“ wurde ${tries === 1 ? "einmal" : `${number(tries)}-mal`} vergeblich versucht: ${error}: ${message}`,
    fix: "Tun Sie, was der Fehler sagt; der Termin wird von selbst wieder versucht. Einen Zeitplan, den niemand braucht, entfernen Sie oder halten ihn an.",
  },
  "key-hot": {
    title: "Ein eindeutiger Schlüssel wird viele Male je Sekunde benutzt",
    detail: ({ uses, name, key, spanMs }, { duration, number }) =>
      `${number(uses)} Jobs „${name}“ mit dem eindeutigen Schlüssel „${key}“ kamen und gingen binnen ${duration(Math.max(spanMs, 1_000))}. Jeder hinterlässt eine tote Zeile, über die alle späteren hinwegmüssen, solange ein alter Snapshot offen ist.`,
    fix: "Geben Sie unique einen längeren Zeitraum (within), oder nehmen Sie onConflict replace, damit aus vielen Aufrufen ein Job wird.",
  },
  "lane-crowded": {
    title: "In einer Spur warten viele Jobs",
    detail: (line, { number }) =>
      `${jobs(line, number(line.jobs), "wartet", "warten")} in der Spur „${line.lane}“, und es läuft immer nur einer.`,
    fix: "Geben Sie der Spur einen feineren Schlüssel, oder lassen Sie mehrere ihrer Jobs einen Stapel sein; brechen Sie ab, was niemand braucht.",
  },
} as const satisfies Partial<TitledFindings>;

/** What the doctor says, in German. */
export const findings: TitledFindings = {
  ...ofDatabase,
  ...ofSchema,
  ...ofServer,
  ...ofFile,
  ...ofWorkers,
  ...ofWork,
};
