import type { JsonMember, JsonNode } from "../json/json-node.ts";
import { writeKey } from "../filter/write-value.ts";
import { advance, isMet, type Progress } from "./path-pattern.ts";

/** What stands in the place of what is hidden. */
export const marker = "[redacted]";

/** JSON without what is hidden, and what that was. */
export interface HiddenJson {
  readonly node: JsonNode;
  /** The paths that were hidden, at most so many as are told. */
  readonly paths: readonly string[];
  /** Everything that was hidden. */
  readonly hidden: readonly JsonNode[];
}

type Container = Extract<JsonNode, { kind: "object" | "array" }>;

/** An object or array on the way down, and what has come of it so far. */
interface Frame {
  readonly node: Container;
  readonly progress: Progress;
  readonly key: string;
  readonly members: JsonMember[];
  readonly items: JsonNode[];
}

const mostPaths = 100;

/** Hides in a tree what patterns mean; `root` is what its paths begin with. The stack is its own: payloads may be deep. */
export function hideJson(tree: JsonNode, root: string, start: Progress): HiddenJson {
  const paths: string[] = [];
  const hidden: JsonNode[] = [];
  const frames: Frame[] = [];
  let answer: JsonNode = tree;
  const put = (key: string, node: JsonNode): void => {
    const top = frames.at(-1);
    if (top === undefined) answer = node;
    else if (top.node.kind === "object") top.members.push({ key, value: node });
    else top.items.push(node);
  };
  const visit = (key: string, node: JsonNode, progress: Progress): void => {
    if (isMet(progress)) {
      hidden.push(node);
      if (paths.length < mostPaths)
        paths.push(
          pathOf([root, ...frames.slice(1).map((f) => f.key), ...(frames.length > 0 ? [key] : [])]),
        );
      put(key, { kind: "string", value: marker });
    } else if (progress.length > 0 && (node.kind === "object" || node.kind === "array")) {
      frames.push({ node, progress, key, members: [], items: [] });
    } else put(key, node);
  };
  visit(root, tree, start);
  for (let top = frames.at(-1); top !== undefined; top = frames.at(-1)) {
    const at = top.members.length + top.items.length;
    const child = childAt(top.node, at);
    if (child !== undefined) {
      visit(child.key, child.value, advance(top.progress, child.key));
      continue;
    }
    frames.pop();
    const { node, members, items } = top;
    put(top.key, node.kind === "object" ? { kind: "object", members } : { kind: "array", items });
  }
  return { node: answer, paths, hidden };
}

function childAt(node: Container, at: number): JsonMember | undefined {
  if (node.kind === "object") return node.members[at];
  const value = node.items[at];
  return value === undefined ? undefined : { key: String(at), value };
}

function pathOf(keys: readonly string[]): string {
  return keys.map(writeKey).join(".");
}

/** Keys that are names in a program say nothing; others, such as an address or a number, are values themselves. */
const isName = /^[A-Za-z_$]+$/;

/** Every text and number in some trees, as text, and the keys that are no mere names. */
export function* scalarsOf(trees: readonly JsonNode[]): Generator<string> {
  const open = [...trees];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === "string") yield node.value;
    else if (node.kind === "number") yield node.text;
    else if (node.kind === "array") for (const item of node.items) open.push(item);
    else if (node.kind === "object") {
      for (const { key, value } of node.members) {
        if (!isName.test(key)) yield key;
        open.push(value);
      }
    }
  }
}
