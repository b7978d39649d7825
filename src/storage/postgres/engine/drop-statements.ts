import type { Migration } from "../../contract/schema.ts";

/**
 * The statements that take away what migrations make, in an order that works: views before the tables they read, functions after the
 * tables whose defaults call them, types last. Read from the steps themselves, so that none can be forgotten. Of functions only those of the
 * very parameters: others of the name may be the application's. Nothing of anybody else's goes with it: what depends on
 * ours makes the statement fail.
 */
export function dropStatements(
  schema: string,
  migrations: readonly Migration[],
): readonly string[] {
  const sql = migrations.map((step) => step.sql).join("\n");
  const made = (kind: string) => {
    const pattern = new RegExp(`^ *CREATE (?:OR REPLACE )?${kind} ${schema}\\.(\\w+)`, "gm");
    return [...new Set([...sql.matchAll(pattern)].map(([, name]) => `${schema}.${name}`))];
  };
  return [
    drop("VIEW", made("VIEW")),
    drop("TABLE", made("TABLE")),
    drop("SEQUENCE", made("SEQUENCE")),
    drop("FUNCTION", functionsIn(schema, sql)),
    drop("TYPE", made("TYPE")),
  ].filter((statement) => statement !== undefined);
}

function drop(kind: string, names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : `DROP ${kind} IF EXISTS ${names.join(", ")}`;
}

/** The functions with their parameters, as DROP FUNCTION wants them: without defaults. */
function functionsIn(schema: string, sql: string): readonly string[] {
  const opening = new RegExp(`^ *CREATE (?:OR REPLACE )?FUNCTION (${schema}\\.\\w+)\\(`, "gm");
  const functions = [...sql.matchAll(opening)].map((match) => {
    const [whole, name] = match;
    const parameters = splitParameters(sql.slice(match.index + whole.length));
    return `${name}(${parameters.map((each) => each.replace(/\s+(DEFAULT\s|=).*$/is, "")).join(", ")})`;
  });
  return [...new Set(functions)];
}

/** What stands between the commas up to the closing parenthesis. */
function splitParameters(text: string): readonly string[] {
  const parameters = [""];
  let depth = 0;
  for (const character of text) {
    if (character === ")" && depth === 0) break;
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (character === "," && depth === 0) parameters.push("");
    else parameters.push((parameters.pop() ?? "") + character);
  }
  return parameters.map((each) => each.trim()).filter((each) => each !== "");
}
