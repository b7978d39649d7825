import type { Figures } from "../scenario.ts";
import type { Session } from "../session.ts";
import type { Costs } from "../scaling/costs.ts";
import { type DrainCosts, measureDrain } from "./measure-drain.ts";
import { measureParts } from "./measure-parts.ts";
import { costSamples } from "../scaling/measured-costs.ts";

/** One round of the costs, taken from a drain with one process, and of the drains that are predicted from them. */
export async function measureCosts(session: Session): Promise<Figures> {
  const parts = await measureParts(session);
  const alone = await measureDrain(session, 1);
  const three = await measureDrain(session, 3);
  const crowding = Math.max(1, cpuPerJob(three) / cpuPerJob(alone));
  const costs: Costs = { ...parts, ...alone, crowding };
  return {
    "scaling-drain-1": alone.jobsPerSecond,
    "scaling-drain-3": three.jobsPerSecond,
    ...Object.fromEntries(
      costSamples.map(({ scenario, cost, perUnit }) => [scenario, costs[cost] * perUnit]),
    ),
  };
}

const cpuPerJob = ({ clientMsPerJob, serverMsPerJob }: DrainCosts) =>
  clientMsPerJob + serverMsPerJob;
