import type { Migration } from "../contract/schema.ts";

const named = '((?:"[^"]+"|\\w+)(?:\\.(?:"[^"]+"|\\w+))?)';
const kinds = "table|view|index|sequence|function|trigger|type";
const ifExists = "(?:if\\s+(?:not\\s+)?exists\\s+)?";
const unnamed = "(?:or\\s+replace\\s+|unique\\s+|unlogged\\s+|constraint\\s+|materialized\\s+)*";

const made = new RegExp(`^create\\s+${unnamed}(${kinds})\\s+${ifExists}${named}`, "i");
const dropped = new RegExp(`^drop\\s+(${kinds})\\s+${ifExists}${named}`, "i");
const renamed = new RegExp(
  `^alter\\s+(${kinds})\\s+${ifExists}${named}\\s+rename\\s+to\\s+${named}`,
  "i",
);
const owner = new RegExp(`\\bon\\s+(?:only\\s+)?${named}`, "i");

/** Remarks, bodies of functions and quoted text: what is in them makes nothing. */
const aside = /--[^\n]*|\/\*[\s\S]*?\*\/|(\$[a-z]*\$)[\s\S]*?\1|'(?:[^']|'')*'/gi;

/**
 * The tables, views, indexes, sequences, functions and triggers that are there once all steps were applied, such as
 * `index live_ready`. Reads the steps, so that it cannot fall behind them.
 */
export function objectsMadeBy(migrations: readonly Migration[]): readonly string[] {
  /** Object to the table it goes with. */
  const objects = new Map<string, string>();
  for (const statement of migrations.flatMap(({ sql }) => sql.replace(aside, " ").split(";"))) {
    apply(statement.trim(), objects);
  }
  return [...objects.keys()].toSorted();
}

function apply(statement: string, objects: Map<string, string>): void {
  const [, kind = "", name = ""] = made.exec(statement) ?? dropped.exec(statement) ?? [];
  const object = `${kind.toLowerCase()} ${bare(name)}`;
  if (made.test(statement)) objects.set(object, tableOf(object, statement));
  else if (dropped.test(statement)) drop(object, objects);
  else rename(statement, objects);
}

/** What is dropped and renamed with its table. */
function tableOf(object: string, statement: string): string {
  return /^(index|trigger) /.test(object) ? bare(owner.exec(statement)?.[1] ?? "") : "";
}

function drop(object: string, objects: Map<string, string>): void {
  objects.delete(object);
  const table = /^table (.*)$/.exec(object)?.[1];
  for (const [each, on] of objects) if (on === table) objects.delete(each);
}

function rename(statement: string, objects: Map<string, string>): void {
  const [, kind = "", from = "", to = ""] = renamed.exec(statement) ?? [];
  const object = `${kind.toLowerCase()} ${bare(from)}`;
  const on = objects.get(object);
  if (on === undefined) return;
  objects.delete(object);
  objects.set(`${kind.toLowerCase()} ${bare(to)}`, on);
  for (const [each, table] of objects) if (table === bare(from)) objects.set(each, bare(to));
}

/** A name without its schema and quotes. */
function bare(name: string): string {
  return (/"([^"]+)"$|(\w+)$/.exec(name) ?? []).slice(1).find((part) => part !== undefined) ?? "";
}
