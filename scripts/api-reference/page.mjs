import { codeOf, membersOf } from "./declaration.mjs";
import { docBefore } from "./doc-comment.mjs";
import { exportsOf } from "./symbols.mjs";

/**
 * @typedef {object} Entry A door of the package.
 * @property {string} name as users import it
 * @property {string} path its source
 * @property {string} page the file the reference of it goes to
 */

const kinds = /** @type {const} */ ({
  FunctionDeclaration: "function",
  TSDeclareFunction: "function",
  ClassDeclaration: "class",
  VariableDeclaration: "constant",
  TSInterfaceDeclaration: "interface",
  TSTypeAliasDeclaration: "type",
});

/** Functions and classes are looked up more often than the types they take. */
const order = ["function", "class", "constant", "interface", "type"];

/**
 * The page of an entry.
 * @param {Entry} entry
 * @returns {string}
 */
export function pageOf({ name, path }) {
  const symbols = exportsOf(path).map((found) => ({ ...found, kind: kindOf(found) }));
  const sections = order.flatMap((kind) => {
    const some = symbols.filter((symbol) => symbol.kind === kind);
    some.sort((a, b) => (a.name < b.name ? -1 : 1));
    return some.map((symbol) => sectionOf(symbol));
  });
  const note = "Written by `npm run docs:api` from the sources. Edit the comments there.";
  return `${[`# ${name}`, note, ...sections].join("\n\n")}\n`;
}

/**
 * How many of each kind an entry exports, for the index.
 * @param {Entry} entry
 * @returns {string[]}
 */
export function callsOf({ path }) {
  const callable = exportsOf(path).filter((found) => ["function", "class"].includes(kindOf(found)));
  return callable.map(({ name }) => name).toSorted();
}

/** @param {import("./symbols.mjs").Found} found */
function kindOf({ declarations: [first] }) {
  const type = first?.declaration.type;
  return type !== undefined && type in kinds
    ? kinds[/** @type {keyof typeof kinds} */ (type)]
    : "type";
}

/** @param {import("./symbols.mjs").Found & { kind: string }} symbol */
function sectionOf({ name, kind, source, declarations }) {
  const docs = declarations.map(({ start }) => docBefore(source, start));
  const code = declarations
    .filter(
      ({ declaration }, _, all) => all.length === 1 || declaration.type !== "FunctionDeclaration",
    )
    .map(({ declaration }) => codeOf(source, declaration));
  const members = declarations
    .flatMap(({ declaration }) => membersOf(declaration))
    .flatMap(({ name: member, start, isMethod }) => {
      const doc = docBefore(source, start);
      return doc === undefined ? [] : [memberOf(`${member}${isMethod ? "()" : ""}`, doc)];
    });
  return [
    `## ${name}`,
    `*${kind}*`,
    ...docs.flatMap((doc) => (doc === undefined ? [] : prose(doc))),
    `\`\`\`ts\n${code.join("\n")}\n\`\`\``,
    ...members,
  ].join("\n\n");
}

/**
 * @param {string} name
 * @param {import("./doc-comment.mjs").Doc} doc
 */
function memberOf(name, doc) {
  const [first = "", ...rest] = prose(doc);
  return [`- \`${name}\`: ${first.replaceAll("\n", "\n  ")}`, ...rest.map(indent)].join("\n\n");
}

/** @param {string} text */
function indent(text) {
  return text.replace(/^(?=.)/gm, "  ");
}

/** @param {import("./doc-comment.mjs").Doc} doc */
function prose({ text, throws, examples }) {
  return [text, ...throws.map((each) => `Throws ${each}`), ...examples];
}
