/**
 * A declaration as code, without bodies and comments: what a caller sees of it.
 * @param {import("./symbols.mjs").Source} source
 * @param {import("./symbols.mjs").Declaration} declaration
 * @returns {string}
 */
export function codeOf(source, declaration) {
  switch (declaration.type) {
    case "FunctionDeclaration":
    case "TSDeclareFunction":
      return slice(source, declaration.start, declaration.body?.start ?? declaration.end);
    case "ClassDeclaration":
      return classCode(source, declaration);
    case "VariableDeclaration":
      return variableCode(source, declaration);
    default:
      return slice(source, declaration.start, declaration.end);
  }
}

/**
 * @param {import("./symbols.mjs").Source} source
 * @param {import("oxc-parser").Class} declaration
 */
function classCode(source, declaration) {
  const { start, body } = declaration;
  const members = body.body.filter(isPublic).map((member) => {
    const ends =
      "value" in member && member.value?.type === "FunctionExpression"
        ? member.value.body?.start
        : member.end;
    return `  ${slice(source, member.start, ends ?? member.end).replace(/;?$/, ";")}`;
  });
  return [slice(source, start, body.start + 1), ...members, "}"].join("\n");
}

/** @param {import("oxc-parser").ClassElement} member */
function isPublic(member) {
  const hidden = "key" in member && member.key.type === "PrivateIdentifier";
  const closed = "accessibility" in member && member.accessibility === "private";
  return !hidden && !closed && member.type !== "StaticBlock";
}

/**
 * @param {import("./symbols.mjs").Source} source
 * @param {import("oxc-parser").VariableDeclaration} declaration
 */
function variableCode(source, { start, declarations: [first] }) {
  const annotated = first?.id.type === "Identifier" ? first.id.typeAnnotation?.end : undefined;
  return slice(source, start, annotated ?? first?.id.end ?? start);
}

/**
 * The text between two places, its comments left out and its lines moved to the left.
 * @param {import("./symbols.mjs").Source} source
 * @param {number} start
 * @param {number} end
 */
export function slice({ text, comments }, start, end) {
  let code = "";
  let from = start;
  for (const comment of comments.filter((each) => each.start >= start && each.end <= end)) {
    code += text.slice(from, comment.start);
    from = comment.end;
  }
  const lines = (code + text.slice(from, end)).split("\n");
  return lines
    .filter((line) => line.trim() !== "")
    .join("\n")
    .trim();
}

/**
 * The members of an interface that have a name: what a reader looks up.
 * @param {import("./symbols.mjs").Declaration} declaration
 * @returns {{ name: string, start: number, isMethod: boolean }[]}
 */
export function membersOf(declaration) {
  if (declaration.type !== "TSInterfaceDeclaration") return [];
  return declaration.body.body.flatMap((member) => {
    if (member.type !== "TSPropertySignature" && member.type !== "TSMethodSignature") return [];
    if (member.key.type !== "Identifier") return [];
    const { start, type } = member;
    return [{ name: member.key.name, start, isMethod: type === "TSMethodSignature" }];
  });
}
