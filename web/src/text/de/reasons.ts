import { gateName, type ReasonWords, type Say } from "../reason-words.ts";

const behind = (ahead: number, say: Say): string =>
  ahead === 0
    ? ""
    : `; ${say.number(ahead)} ${ahead === 1 ? "anderer kommt" : "andere kommen"} vor ihm`;

const soon = (ms: number | null, say: Say): string =>
  ms === null ? "" : `, nach dem Tempo der letzten Zeit in etwa ${say.duration(ms)}`;

const place = (
  { ahead, estimateMs }: { readonly ahead: number; readonly estimateMs: number | null },
  say: Say,
): string => `Er ist Nummer ${say.number(ahead + 1)} in der Reihe${soon(estimateMs, say)}.`;

const workers = (ids: readonly string[], say: Say): string => `Worker ${say.list(ids)}`;

const gate = (text: string): string => {
  const { isLane, name } = gateName(text);
  return isLane ? `Spur ${name}` : `Limit ${name}`;
};

const ended = {
  completed: "Er wurde erledigt",
  cancelled: "Er wurde abgebrochen",
  discarded: "Er wurde verworfen",
} as const;

export const reasons: ReasonWords = {
  "database-read-only": () =>
    "Die Datenbank nimmt gerade keine Änderungen an, deshalb wird nichts vergeben.",
  "schema-behind": ({ current, latest }) =>
    `Das Schema der Datenbank steht bei Schritt ${current} von ${latest}: Worker dieser Version starten darauf nicht. Führen Sie npx holdfast migrate aus.`,
  scheduled: ({ until }, say) =>
    say.isPast(until)
      ? `Er war ${say.relative(until)} fällig; jeder lebende Worker macht ihn verfügbar.`
      : `Er ist ${say.relative(until)} fällig.`,
  backoff: ({ until, attempt }, say) =>
    say.isPast(until)
      ? `Versuch ${attempt} schlug fehl; der nächste war ${say.relative(until)} fällig, und jeder lebende Worker macht ihn verfügbar.`
      : `Versuch ${attempt} schlug fehl; der nächste ist ${say.relative(until)} fällig.`,
  "queue-paused": ({ queue }) => `Seine Queue ${queue} ist angehalten.`,
  "queue-cooling": ({ queue, until }, say) =>
    `Ein Handler hat seine Queue ${queue} gedrosselt; sie öffnet ${say.relative(until)} wieder.`,
  "queue-full": ({ queue, running, maxRunning }, say) =>
    `In seiner Queue ${queue} laufen ${say.number(running)} von höchstens ${say.number(maxRunning)} Jobs zugleich.`,
  "queue-unserved": ({ queue, draining, lost }, say) => {
    const whys = [
      ...(draining.length > 0 ? [`bringt nur noch zu Ende: ${workers(draining, say)}`] : []),
      ...(lost.length > 0 ? [`länger still als erlaubt: ${workers(lost, say)}`] : []),
    ];
    const begin = `Kein lebender Worker nimmt Jobs seiner Queue ${queue}`;
    return whys.length === 0 ? `${begin}.` : `${begin} (${whys.join("; ")}).`;
  },
  "no-handler": ({ name, workers: ids }, say) =>
    `Kein lebender Worker seiner Queue hat einen Handler für ${name}, auch nicht ${workers(ids, say)}.`,
  "payload-too-new": ({ version, understood, workers: ids }, say) =>
    `Seine Nutzlast hat Version ${version}; die Handler von ${workers(ids, say)} verstehen höchstens ${understood}. Er wartet auf neueren Code.`,
  blocked: ({ gate: name, heldBy, ahead }, say) => {
    const where = name === null ? "seine Schranke" : gate(name);
    if (heldBy.length === 0) return `Er wird gleich eingelassen (${where})${behind(ahead, say)}.`;
    const holders = heldBy.map(({ job, worker }) =>
      worker === null ? `Job ${job}, noch nicht begonnen` : `Job ${job} auf Worker ${worker}`,
    );
    return `Er wartet auf ${where}, belegt von ${say.list(holders)}${behind(ahead, say)}.`;
  },
  "rate-limited": ({ gate: name, until, ahead }, say) =>
    `Die Rate von ${gate(name)} lässt den nächsten ${say.relative(until)} durch${behind(ahead, say)}.`,
  "limit-undeclared": ({ scope }) =>
    `Das Limit ${scope} wurde nie angemeldet, deshalb wird niemand eingelassen: Nennen Sie es in einer Definition oder in client.limits.declare.`,
  ready: ({ workers: ids, ahead, estimateMs }, say) =>
    `Nichts steht im Weg: ${workers(ids, say)} kann ihn nehmen${behind(ahead, say)}${soon(estimateMs, say)}.`,
  "places-taken": ({ workers: ids, queue, running, ...line }, say) =>
    `Alle Plätze sind belegt (${workers(ids, say)}): ${say.number(running)} aus ${queue} ${running === 1 ? "läuft" : "laufen"} dort. ${place(line, say)}`,
  "held-alone": ({ heldBy, ...line }, say) => {
    const holders = heldBy.map(({ job, worker }) => `Job ${job} auf Worker ${worker}`);
    return `Neben einem Job, der schon abgestürzt ist, wird bis zu dessen Ende nichts begonnen: ${say.list(holders)}. ${place(line, say)}`;
  },
  running: ({ worker, host, since }, say) =>
    `Er läuft auf Worker ${worker}${host === null ? "" : ` bei ${host}`}${since === null ? "" : `, begonnen ${say.relative(since)}`}.`,
  cancelling: ({ request: { by, why, at } }, say) =>
    `Er wurde ${say.relative(at)}${by === null ? "" : ` von ${by}`} gebeten aufzuhören: ${why}`,
  "worker-lost": ({ worker, silentMs }, say) =>
    silentMs === null
      ? `Sein Worker ${worker} ist fort: Jeder lebende Worker rettet ihn binnen Sekunden.`
      : `Sein Worker ${worker} ist seit ${say.duration(silentMs)} still, länger als erlaubt: Jeder lebende Worker rettet ihn.`,
  finished: ({ state, at, reason }, say) =>
    `${ended[state]}${at === null ? "" : ` (${say.relative(at)})`}${reason === null ? "." : `: ${reason.message}`}`,
  "unique-held": ({ key, holder }) =>
    `Von Hand wird er nicht wiederholt, solange Job ${holder} seinen eindeutigen Schlüssel ${key} hält.`,
};
