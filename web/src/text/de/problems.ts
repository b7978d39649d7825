import type { CodeWords } from "../problem-words.ts";

const again = "Versuchen Sie es noch einmal.";
const inLog = "Das Log des Dashboard-Prozesses sagt, was es war.";
const migrate = "Führen Sie „npx holdfast migrate“ aus.";

const ofJobs = {
  JOB_NOT_FOUND: {
    title: "Diesen Job gibt es nicht",
    fix: "Er wurde gelöscht, oder seine Aufbewahrungszeit ist um. Prüfen Sie die Nummer.",
  },
  JOB_RUNNING: {
    title: "Ein laufender Job lässt sich weder löschen noch ändern",
    fix: "Brechen Sie ihn ab, oder warten Sie sein Ende ab.",
  },
  JOB_NOT_RETRYABLE: {
    title: "Dieser Job lässt sich nicht wiederholen",
    fix: "Von Hand wiederholen lassen sich nur abgebrochene und verworfene Jobs. Soll ein anderer noch einmal laufen, kopieren Sie ihn.",
  },
  JOB_NOT_WAITING: {
    title: "Dieser Job wartet nicht mehr",
    fix: "Ändern und vorziehen lassen sich nur wartende Jobs. War er verworfen oder abgebrochen, wiederholen Sie ihn.",
  },
  UNIQUE_CONFLICT: {
    title: "Ein anderer Job hält den eindeutigen Schlüssel",
    fix: "Warten Sie sein Ende ab, oder brechen Sie ihn ab.",
  },
  UNIQUE_BUSY: {
    title: "Eine andere Transaktion hält den eindeutigen Schlüssel",
    fix: again,
  },
  PAYLOAD_INVALID: {
    title: "Die Nutzlast ist ungültig",
    fix: "Berichtigen Sie sie: Sie muss JSON sein und zu ihrem Schema passen.",
  },
  PAYLOAD_TOO_LARGE: {
    title: "Die Nutzlast ist zu groß",
    fix: "Sie darf 1 MiB JSON haben. Legen Sie die Daten anderswo ab, und übergeben Sie einen Verweis.",
  },
  PAYLOAD_REDACTED: {
    title: "Was Ihnen verborgen ist, können Sie nicht ändern",
    fix: "Lassen Sie es jemanden tun, der die ganze Nutzlast sehen darf.",
  },
  DUPLICATE_DEFINITION: {
    title: "Zwei Definitionen haben denselben Namen",
    fix: "Definieren Sie einen Job nur einmal, und importieren Sie ihn dort, wo er gebraucht wird.",
  },
  ENQUEUE_UNKNOWN: {
    title: "Ob der Job eingereiht wurde, ist nicht bekannt",
    fix: "Die Verbindung riss beim Speichern ab. Sehen Sie nach, ob es ihn gibt, bevor Sie ihn noch einmal einreihen.",
  },
} as const satisfies Partial<CodeWords>;

const ofTheRest = {
  OPERATION_NOT_FOUND: {
    title: "Diesen Vorgang gibt es nicht",
    fix: "Vorgänge werden nach ihrem Ende 30 Tage aufbewahrt. Prüfen Sie die Nummer.",
  },
  WORKER_NOT_FOUND: {
    title: "Diesen Worker gibt es nicht mehr",
    fix: "Er hat aufgehört oder sich neu angemeldet. Die Seite „Worker“ zeigt, welche es jetzt gibt.",
  },
  QUEUE_NOT_FOUND: {
    title: "Diese Queue gibt es nicht",
    fix: "Sie hat keine Jobs, keine Einstellungen und keinen Worker. Prüfen Sie den Namen.",
  },
  LIMIT_UNDECLARED: {
    title: "Dieses Limit hat niemand angemeldet",
    fix: "Nennen Sie es in einer Definition oder in client.limits.declare.",
  },
  SCHEDULE_NOT_FOUND: {
    title: "Diesen Zeitplan gibt es nicht",
    fix: "Er wurde entfernt, oder der Name stimmt nicht. Die Seite „Zeitpläne“ zeigt, welche es gibt.",
  },
  SCHEDULE_TAKEN: {
    title: "Diesen Zeitplan legt jemand anders fest",
    fix: "Ändern Sie ihn dort, wo er festgelegt ist, oder nehmen Sie einen anderen Namen.",
  },
  SCHEDULE_OVERLAP: {
    title: "Der vorige Job dieses Zeitplans läuft noch",
    fix: "Seine Jobs dürfen sich nicht überschneiden. Warten Sie das Ende ab, oder brechen Sie den Job ab.",
  },
} as const satisfies Partial<CodeWords>;

const ofRequests = {
  NOT_AUTHENTICATED: {
    title: "Sie sind nicht angemeldet",
    fix: "Melden Sie sich an, und laden Sie die Seite neu.",
  },
  TOO_MANY_GUESSES: {
    title: "Zu viele falsche Passwörter",
    fix: "Warten Sie eine Minute, und versuchen Sie es dann noch einmal.",
  },
  FORBIDDEN: {
    title: "Das dürfen Sie nicht",
    fix: "Fragen Sie, wer dieses Dashboard betreibt, nach der Berechtigung.",
  },
  READ_ONLY: {
    title: "Dieses Dashboard ist nur zum Lesen",
    fix: "Ändern lässt sich hier nichts, gleich wer fragt. Nehmen Sie ein anderes Dashboard oder die Befehlszeile.",
  },
  ORIGIN_REFUSED: {
    title: "Die Anfrage scheint von einer anderen Website zu kommen",
    fix: "Laden Sie die Seite neu. Bleibt es dabei, ändert ein Proxy die Adresse: Nennen Sie die der Seite in origins.",
  },
  ROUTE_NOT_FOUND: {
    title: "Diese Adresse gibt es nicht",
    fix: "Vielleicht wurde das Dashboard inzwischen aktualisiert: Laden Sie die Seite neu.",
  },
  METHOD_NOT_ALLOWED: {
    title: "So lässt sich diese Adresse nicht aufrufen",
    fix: "Vielleicht wurde das Dashboard inzwischen aktualisiert: Laden Sie die Seite neu.",
  },
  REQUEST_INVALID: {
    title: "Die Anfrage passt nicht",
    fix: "Berichtigen Sie, was die Meldung nennt.",
  },
  REQUEST_TOO_LARGE: {
    title: "Die Anfrage ist zu groß",
    fix: "Senden Sie weniger auf einmal.",
  },
  FILTER_INVALID: {
    title: "Dieser Filter lässt sich so nicht anwenden",
    fix: "Ändern Sie den Filter an der Stelle, die die Meldung nennt.",
  },
  INVALID_OPTION: {
    title: "Eine Angabe ist ungültig",
    fix: "Die Meldung nennt sie, und was dort stehen muss.",
  },
} as const satisfies Partial<CodeWords>;

const ofDatabase = {
  STORAGE_UNAVAILABLE: {
    title: "Die Datenbank ist nicht erreichbar",
    fix: `Prüfen Sie, ob sie läuft und das Netz sie durchlässt. ${again}`,
  },
  STORAGE_BUSY: {
    title: "Die Datenbank ist belegt",
    fix: `Etwas hält sie länger, als Holdfast wartet; suchen Sie lange Transaktionen. ${again}`,
  },
  STORAGE_CONFLICT: {
    title: "Zwei Änderungen kamen sich in die Quere",
    fix: `Geändert wurde nichts. ${again}`,
  },
  STORAGE_READ_ONLY: {
    title: "Die Datenbank nimmt keine Änderungen an",
    fix: "Verbinden Sie das Dashboard mit dem Primärserver, oder geben Sie ihm das Recht zu schreiben.",
  },
  STORAGE_INVALID: {
    title: "Die Datenbank gibt es nicht, oder sie weist das Dashboard ab",
    fix: "Prüfen Sie ihre Adresse und die Rechte des Benutzers; „npx holdfast doctor“ nennt, welche fehlen.",
  },
  STORAGE_FAILED: {
    title: "Die Datenbank verweigert, was Holdfast verlangt",
    fix: inLog,
  },
  SCHEMA_OUT_OF_DATE: { title: "Das Schema ist älter als dieser Code", fix: migrate },
  SCHEMA_TOO_NEW: {
    title: "Das Schema ist zu neu für diesen Code",
    fix: "Aktualisieren Sie holdfast im Prozess des Dashboards.",
  },
  SCHEMA_CHANGED: {
    title: "Eine Migration wurde mit anderem Inhalt angewandt",
    fix: "Stellen Sie fest, wer sie geändert hat; angewandte Schritte werden nie geändert.",
  },
  TRANSACTION_TOO_LONG: { title: "Die Transaktion dauerte zu lange", fix: again },
  TRANSACTION_RETRY: { title: "Zwei Transaktionen kamen sich in die Quere", fix: again },
  POOL_EXHAUSTED: {
    title: "Keine Verbindung zur Datenbank wurde frei",
    fix: `Bleibt es dabei, vergrößern Sie den Pool. ${again}`,
  },
} as const satisfies Partial<CodeWords>;

const ofService = {
  CLIENT_CLOSED: {
    title: "Der Prozess des Dashboards endet gerade",
    fix: "Warten Sie, bis er wieder da ist. Diese Seite fragt von selbst wieder nach.",
  },
  NOT_READY: { title: "Das Dashboard ist gerade ausgelastet", fix: again },
  AUTHORIZE_FAILED: {
    title: "Wer Sie sind, ließ sich nicht feststellen",
    fix: `Die Funktion authorize des Dashboards ist gescheitert. ${inLog}`,
  },
  PAGE_NOT_BUILT: {
    title: "Die Seite des Dashboards fehlt in diesem Paket",
    fix: "Installieren Sie das veröffentlichte Paket, oder bauen Sie die Seite.",
  },
  DASHBOARD_FAILED: {
    title: "Im Dashboard ist etwas schiefgegangen",
    fix: `${inLog} Melden Sie es bitte: Es ist ein Fehler von Holdfast.`,
  },
} as const satisfies Partial<CodeWords>;

/** What the codes of refusals mean, in German. */
export const problems: CodeWords = {
  ...ofJobs,
  ...ofTheRest,
  ...ofRequests,
  ...ofDatabase,
  ...ofService,
};
