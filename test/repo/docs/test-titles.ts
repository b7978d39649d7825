import { readFileSync } from "node:fs";
import { type Argument, type Expression, parseSync, Visitor } from "oxc-parser";

/**
 * The titles of the tests and laws a file states: what `test`, `law` or one of their variants is called with first, and
 * `title` members of tables of cases. A title with placeholders is as it is written.
 */
export function titlesIn(path: string): readonly string[] {
  const source = readFileSync(path, "utf8");
  const titles: string[] = [];
  const add = (node: Argument | undefined): void => {
    if (node?.type === "Literal" && typeof node.value === "string") titles.push(node.value);
    if (node?.type === "TemplateLiteral") titles.push(source.slice(node.start + 1, node.end - 1));
  };
  new Visitor({
    CallExpression(node) {
      if (statesTests(node.callee)) add(node.arguments[0]);
    },
    Property(node) {
      if (node.key.type === "Identifier" && node.key.name === "title")
        add(node.value as Expression);
    },
  }).visit(parseSync(path, source).program);
  return titles;
}

/** `test`, `law`, `test.concurrent`, `test.for(cases)`. */
function statesTests(callee: Expression): boolean {
  if (callee.type === "Identifier") return ["test", "law", "race"].includes(callee.name);
  if (callee.type === "MemberExpression") return statesTests(callee.object);
  return callee.type === "CallExpression" && statesTests(callee.callee);
}
