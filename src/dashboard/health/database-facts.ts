import type { HealthFacts, ServerHealth } from "../../core/health-facts.ts";
import type { DatabaseFact } from "../wire/health.ts";
import type { FactName } from "./fact-names.ts";

/** What a database says of itself, as it is shown: what is not known is left out. */
export function databaseFacts(
  { writable, server, file }: Pick<HealthFacts, "writable" | "server" | "file">,
  { current, latest }: { readonly current: number; readonly latest: number },
): readonly DatabaseFact[] {
  return [
    fact("migration", current),
    fact("latestMigration", latest),
    fact("writable", writable),
    ...(server === null ? [] : serverFacts(server)),
    ...(file === null ? [] : [fact("fileBytes", file.bytes), fact("walBytes", file.walBytes)]),
  ];
}

function serverFacts(server: ServerHealth): readonly DatabaseFact[] {
  const { connections, snapshots, idleSlots, notifyUsage, autovacuum, live } = server;
  const tightest = connections.toSorted((a, b) => a.used / a.most - b.used / b.most).at(-1);
  const ages = snapshots.flatMap(({ ageMs }) => ageMs ?? []);
  return [
    ...(tightest === undefined
      ? []
      : [fact("connectionsUsed", tightest.used), fact("connectionsMost", tightest.most)]),
    ...(ages.length === 0 ? [] : [fact("oldestTransactionMs", Math.max(...ages))]),
    fact("inactiveSlots", idleSlots.length),
    fact("notifyQueueShare", notifyUsage),
    fact("autovacuum", autovacuum ? "on" : "off"),
    fact("liveJobs", live.jobs),
    fact("deadRows", live.deadRows),
    fact("indexBytes", live.indexBytes),
  ];
}

function fact(name: FactName, value: string | number): DatabaseFact {
  return { name, value };
}
