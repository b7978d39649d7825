import { fullName, type System } from "../system.ts";
import { bullmqOnPostgres } from "./bullmq-postgres.ts";
import { bullmqOnRedis } from "./bullmq-redis.ts";
import { graphileWorker } from "./graphile-worker.ts";
import { holdfastBefore } from "./holdfast-before.ts";
import { holdfastOn } from "./holdfast.ts";
import { pgBoss } from "./pg-boss.ts";
import { plainjob } from "./plainjob.ts";
import { sidequestOn } from "./sidequest.ts";

/** Every system there is, in the order of the first round. */
export const systems: readonly System[] = [
  holdfastOn("postgres"),
  graphileWorker("batch"),
  graphileWorker("big"),
  pgBoss,
  bullmqOnPostgres,
  sidequestOn("postgres"),
  bullmqOnRedis,
  holdfastOn("sqlite"),
  sidequestOn("sqlite"),
  plainjob,
  ...(await holdfastBefore()),
];

/** The system called `name@backend`. */
export function findSystem(name: string): System {
  const system = systems.find((one) => fullName(one) === name);
  if (system === undefined) throw new Error(`there is no system ${JSON.stringify(name)}`);
  return system;
}
