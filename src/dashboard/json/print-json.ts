import type { JsonNode } from "./json-node.ts";

/** An object or array whose end is still to be written. */
interface Open {
  readonly node: Extract<JsonNode, { kind: "object" | "array" }>;
  next: number;
}

/**
 * Writes a tree as JSON text: numbers with the digits they were read with. `indent` blanks for each level of depth; without it all
 * on one line.
 */
export function printJson(root: JsonNode, indent = 0): string {
  const parts: string[] = [];
  const open: Open[] = [];
  // A hostile depth would make blanks of megabytes for each line.
  const line = () => (indent === 0 ? "" : `\n${" ".repeat(indent * Math.min(open.length, 64))}`);
  const put = (node: JsonNode): void => {
    if ((node.kind === "object" || node.kind === "array") && sizeOf(node) > 0) {
      parts.push(node.kind === "object" ? "{" : "[");
      open.push({ node, next: 0 });
    } else parts.push(leafText(node));
  };
  put(root);
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const { node, next } = top;
    if (next === sizeOf(node)) {
      open.pop();
      parts.push(line(), node.kind === "object" ? "}" : "]");
      continue;
    }
    top.next += 1;
    parts.push(next === 0 ? "" : ",", line());
    put(childAt(node, next, parts, indent));
  }
  return parts.join("");
}

function childAt(node: Open["node"], at: number, parts: string[], indent: number): JsonNode {
  if (node.kind === "array") return node.items[at] as JsonNode;
  const { key, value } = node.members[at] as (typeof node.members)[number];
  parts.push(JSON.stringify(key), indent === 0 ? ":" : ": ");
  return value;
}

function sizeOf(node: Open["node"]): number {
  return node.kind === "object" ? node.members.length : node.items.length;
}

function leafText(node: JsonNode): string {
  switch (node.kind) {
    case "string":
      return JSON.stringify(node.value);
    case "number":
      return node.text;
    case "literal":
      return String(node.value);
    case "object":
      return "{}";
    case "array":
      return "[]";
  }
}
