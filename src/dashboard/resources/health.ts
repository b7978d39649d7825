import { isHoldfastError } from "../../core/errors.ts";
import type { Finding } from "../../core/finding.ts";
import { engineOf } from "../../service/engine.ts";
import { databaseFacts } from "../health/database-facts.ts";
import { soonOf } from "../readings.ts";
import type { Call, Route } from "../route.ts";
import type { DatabaseFact, HealthAnswer, HealthFinding } from "../wire/health.ts";

/** How the database and what goes on in it are. */
export const healthRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/health",
    permission: "read",
    summary:
      "What the doctor finds and how to mend it, the maintenance that workers do, and the database.",
    answer: "Health",
    handle: readHealth,
  },
];

async function readHealth({ client, site, redactor }: Call): Promise<HealthAnswer> {
  const [diagnosis, passes, facts] = await Promise.all([
    soonOf(site.readings.diagnosis),
    unlessFailing(client.maintenance.list()),
    unlessFailing(readFacts(client)),
  ]);
  return {
    findings: diagnosis.findings.map((found) => (redactor.active ? shownFinding(found) : found)),
    passes: passes.map((pass) => ({ ...pass, error: redactor.anyText(pass.error) })),
    facts,
    database: site.database,
    now: client.clock.now(),
  };
}

/** What these tell may name a unique key or a lane, which are made of payloads, or repeat an error that does. */
const ofPayloads: readonly Finding["code"][] = [
  "key-hot",
  "lane-crowded",
  "schedule-failing",
  "maintenance-failing",
];

function shownFinding(found: Finding): HealthFinding {
  if (!ofPayloads.includes(found.code)) return found;
  const detail = "The details are hidden: they may tell what payloads hold.";
  return { ...found, detail, facts: null };
}

async function readFacts(client: Call["client"]): Promise<readonly DatabaseFact[]> {
  const { storage } = engineOf(client);
  const [health, schema] = await Promise.all([storage.readHealth(), storage.schemaStatus()]);
  return databaseFacts(health, schema);
}

/** What cannot be read of a database in trouble is nothing: the findings say why. */
async function unlessFailing<Item>(reading: Promise<readonly Item[]>): Promise<readonly Item[]> {
  try {
    return await reading;
  } catch (error) {
    if (isHoldfastError(error)) return [];
    throw error;
  }
}
