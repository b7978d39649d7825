import type { Value } from "./manifest.ts";

/** Text that reads as itself in every version of YAML: it starts with a letter or a path, and is no word YAML knows, nor "e-0", which some take for a number. */
const bare = /^(?!(?:true|false|null|yes|no|on|off|y|n|e[\d._-]*)$)[A-Za-z_/][\w./-]*$/i;

/** Values as YAML. Everything that might be read as something else stands in quotes, as JSON writes it. */
export function yamlText(value: { readonly [key: string]: Value }): string {
  return `${mapping(value, "").join("\n")}\n`;
}

function mapping(value: { readonly [key: string]: Value }, indent: string): string[] {
  return Object.entries(value).flatMap(([key, item]) =>
    entry(`${indent}${scalar(key)}:`, item, indent),
  );
}

function entry(head: string, item: Value, indent: string): string[] {
  if (isList(item)) {
    return item.length === 0
      ? [`${head} []`]
      : [head, ...item.flatMap((each) => listItem(each, `${indent}  `))];
  }
  if (typeof item !== "object") return [`${head} ${scalar(item)}`];
  const lines = mapping(item, `${indent}  `);
  return lines.length === 0 ? [`${head} {}`] : [head, ...lines];
}

/** The first line of what an item holds stands beside its dash. */
function listItem(item: Value, indent: string): string[] {
  if (isList(item)) return [`${indent}- ${JSON.stringify(item)}`];
  if (typeof item !== "object") return [`${indent}- ${scalar(item)}`];
  const lines = mapping(item, `${indent}  `);
  const [first = `${indent}  {}`, ...rest] = lines;
  return [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];
}

function isList(item: Value): item is readonly Value[] {
  return Array.isArray(item);
}

function scalar(item: string | number | boolean): string {
  return typeof item === "string" && bare.test(item) ? item : JSON.stringify(item);
}
