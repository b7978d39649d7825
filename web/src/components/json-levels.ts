import type { JsonNode } from "../../../src/dashboard/json/json-node.ts";

/** Parts of an object or array that are drawn at first, and added each time more are asked for. */
export const pageSize = 100;

const partsOf = (node: JsonNode): readonly JsonNode[] => {
  if (node.kind === "array") return node.items.slice(0, pageSize);
  if (node.kind === "object") return node.members.slice(0, pageSize).map(({ value }) => value);
  return [];
};

/** How many levels of a tree can be open so that no more than `most` values are drawn; at least one, however many that has. */
export function levelsWithin(root: JsonNode, most: number, deepest: number): number {
  let level = partsOf(root);
  let drawn = level.length;
  for (let levels = 1; levels < deepest; levels++) {
    const next: JsonNode[] = [];
    for (const node of level) {
      next.push(...partsOf(node));
      if (drawn + next.length > most) return levels;
    }
    if (next.length === 0) return levels;
    drawn += next.length;
    level = next;
  }
  return deepest;
}
