import type { Figures, Scenario } from "../scenario.ts";
import { percentile } from "./percentile.ts";

const id = "operator";
const fillMs = 900_000;
const kinds = ["list", "count", "stats", "dry-run"];

/** What an operator's questions take beside a million finished jobs of many names and queues: the 95th percentile of each kind. */
export const operator: Scenario = {
  id,
  measures: kinds.map((kind) => ({ id: `${id}-${kind}`, unit: "ms", better: "lower" })),
  backends: ["postgres", "sqlite"],
  of: "holdfast",
  otherwise: "its target is Holdfast's own",
  once: true,
  async prepare(session) {
    const room = await session.keptRoom(id);
    const member = session.startMember(room);
    await member.ask("prepare", null);
    await member.ask("history", session.plan.backlog.finished, { withinMs: fillMs });
  },
  async measure(session) {
    const room = await session.keptRoom(id);
    const member = session.startMember(room);
    const took = await member.ask("look", session.plan.looks, { withinMs: fillMs });
    const figures: Record<string, number> = {};
    for (const kind of kinds) figures[`${id}-${kind}`] = percentile(took[kind] ?? [], 0.95);
    return figures satisfies Figures;
  },
};
