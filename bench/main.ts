import { fileURLToPath } from "node:url";
import { elapsed } from "./elapsed.ts";
import { describeMachine } from "./machine.ts";
import { help, type Plan, readOptions } from "./options.ts";
import type { Place } from "./places/place.ts";
import { startPostgresPlace } from "./places/postgres.ts";
import { startRedisPlace } from "./places/redis.ts";
import { startSqlitePlace } from "./places/sqlite.ts";
import { report } from "./report/report.ts";
import { type Findings, runRounds } from "./rounds.ts";
import type { Backend } from "./system.ts";
import { UsageError } from "./usage-error.ts";

const starts: Readonly<Record<Backend, () => Promise<Place>>> = {
  postgres: startPostgresPlace,
  sqlite: startSqlitePlace,
  redis: startRedisPlace,
};

/** A place that cannot start is the reason why its systems are not run. */
async function startPlaces(plan: Plan): Promise<ReadonlyMap<Backend, Place | Error>> {
  const places = new Map<Backend, Place | Error>();
  const backends = new Set(plan.systems.map(({ backend }) => backend));
  for (const backend of backends) {
    try {
      places.set(backend, await starts[backend]());
    } catch (error) {
      places.set(backend, error instanceof Error ? error : new Error(String(error)));
    }
  }
  return places;
}

/** Some two hundred processes are started in a quick run, and compiling them takes longer than what they measure. */
function keepCompiled(): void {
  process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(
    new URL("../.cache/bench-compiled", import.meta.url),
  );
}

const isPlace = (place: Place | Error): place is Place => !(place instanceof Error);

async function run(plan: Plan): Promise<void> {
  const startedAt = Date.now();
  const places = await startPlaces(plan);
  const running = new Map(
    [...places].filter((entry): entry is [Backend, Place] => isPlace(entry[1])),
  );
  const stop = async () => {
    for (const place of running.values()) await place.stop();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // Every server and folder goes with this process.
    process.once(signal, () => process.exit(130));
  }
  const machine = describeMachine(running, plan);
  const findings: Findings = { samples: [], notRun: [], remarks: [] };
  try {
    await runRounds({ plan, places, findings, say: (line) => console.log(line) });
  } finally {
    await stop();
  }
  report({ machine, ...findings }, plan);
  console.log(`\nthe run took ${elapsed(startedAt)}`);
}

try {
  const plan = readOptions(process.argv.slice(2));
  if (plan === "help") console.log(help());
  else {
    if (plan.form === "quick") keepCompiled();
    await run(plan);
  }
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
