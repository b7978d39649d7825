import { type Expression, type Program, type Super, Visitor } from "oxc-parser";

/** What can only be the name of a variable, wherever it stands. */
const telling = /^((HOLDFAST|TONIN|OTEL)_[A-Z0-9_]+|[A-Z]+_URL|TRACE(PARENT|STATE))$/;

/** How variables are written, where they are taken from an environment. */
const variable = /^[A-Z][A-Z0-9_]*$/;

/** The environment variables that a source file names: those it takes from something called `env`, and telling names. */
export function variablesOf(program: Program): readonly string[] {
  const found = new Set<string>();
  const add = (name: unknown, pattern: RegExp): void => {
    if (typeof name === "string" && pattern.test(name)) found.add(name);
  };
  new Visitor({
    Literal: (node) => add(node.value, telling),
    Property: ({ key }) => add(key.type === "Identifier" ? key.name : undefined, telling),
    MemberExpression(node) {
      if (!isEnvironment(node.object)) return;
      const { property } = node;
      if (property.type === "Identifier" && !node.computed) add(property.name, variable);
      if (property.type === "Literal") add(property.value, variable);
    },
    VariableDeclarator({ id, init }) {
      if (init === null || !isEnvironment(init) || id.type !== "ObjectPattern") return;
      for (const each of id.properties) {
        if (each.type !== "Property") continue;
        add(each.key.type === "Identifier" ? each.key.name : undefined, variable);
      }
    },
  }).visit(program);
  return [...found];
}

function isEnvironment(node: Expression | Super): boolean {
  if (node.type === "Identifier") return node.name === "env";
  return (
    node.type === "MemberExpression" &&
    node.property.type === "Identifier" &&
    node.property.name === "env"
  );
}
