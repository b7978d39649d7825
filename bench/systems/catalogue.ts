import { fullName, type System } from "../system.ts";
import { bullmqOnPostgres } from "./bullmq-postgres.ts";
import { bullmqOnRedis } from "./bullmq-redis.ts";
import { graphileWorker } from "./graphile-worker.ts";
import { holdfastBefore } from "./holdfast-before.ts";
import { holdfastOn } from "./holdfast.ts";
import { pgBoss } from "./pg-boss.ts";
import { plainjob } from "./plainjob.ts";
import { sidequestOn } from "./sidequest.ts";

const before = holdfastBefore();
const own = (backend: "postgres" | "sqlite"): System => ({
  ...holdfastOn(backend),
  everyRound: before.length > 0,
});

/** Every system there is, in the order of the first round. */
export const systems: readonly System[] = [
  own("postgres"),
  graphileWorker("batch"),
  graphileWorker("big"),
  pgBoss,
  bullmqOnPostgres,
  sidequestOn("postgres"),
  bullmqOnRedis,
  own("sqlite"),
  sidequestOn("sqlite"),
  plainjob,
  ...before.map((system) => ({ ...system, everyRound: true })),
];

/** The system called `name@backend`. */
export function findSystem(name: string): System {
  const system = systems.find((one) => fullName(one) === name);
  if (system === undefined) throw new Error(`there is no system ${JSON.stringify(name)}`);
  return system;
}
