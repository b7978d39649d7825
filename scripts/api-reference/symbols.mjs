import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "oxc-parser";

/**
 * @typedef {object} Source A module as it was read.
 * @property {string} text
 * @property {import("oxc-parser").Program} program
 * @property {readonly import("oxc-parser").Comment[]} comments
 *
 * @typedef {object} Found A declaration, and the module it stands in.
 * @property {string} name as the entry exports it
 * @property {Source} source
 * @property {readonly Exported[]} declarations more than one for overloads
 *
 * @typedef {object} Exported
 * @property {number} start where `export` stands
 * @property {Declaration} declaration
 *
 * @typedef {NonNullable<import("oxc-parser").ExportNamedDeclaration["declaration"]>} Declaration
 */

/** @type {Map<string, Source>} */
const read = new Map();

/**
 * @param {string} path
 * @returns {Source}
 */
export function sourceAt(path) {
  const known = read.get(path);
  if (known !== undefined) return known;
  const text = readFileSync(path, "utf8");
  const { program, comments } = parseSync(path, text);
  const source = { text, program, comments };
  read.set(path, source);
  return source;
}

/**
 * What an entry exports, by the names it gives, in its own order.
 * @param {string} path
 * @returns {Found[]}
 */
export function exportsOf(path) {
  return sourceAt(path).program.body.flatMap((statement) => {
    if (statement.type !== "ExportNamedDeclaration" || statement.source === null) return [];
    const module = join(dirname(path), statement.source.value);
    return statement.specifiers.map(({ local, exported }) => {
      const source = sourceAt(module);
      return { ...follow(source, module, nameOf(local)), name: nameOf(exported) };
    });
  });
}

/**
 * @param {Source} source
 * @param {string} path
 * @param {string} name
 * @returns {Found}
 */
function follow(source, path, name) {
  const declarations = source.program.body.flatMap((statement) => {
    if (statement.type !== "ExportNamedDeclaration") return [];
    const { start, declaration } = statement;
    return declaration !== null && declared(declaration) === name ? [{ start, declaration }] : [];
  });
  if (declarations.length > 0) return { name, source, declarations };
  const passedOn = exportsOf(path).find((found) => found.name === name);
  if (passedOn === undefined) throw new Error(`${path} exports no ${name}`);
  return passedOn;
}

/** @param {Declaration} declaration */
function declared(declaration) {
  if (declaration.type === "VariableDeclaration") {
    const id = declaration.declarations[0]?.id;
    return id?.type === "Identifier" ? id.name : undefined;
  }
  return "id" in declaration && declaration.id?.type === "Identifier"
    ? declaration.id.name
    : undefined;
}

/** @param {import("oxc-parser").ModuleExportName} id */
function nameOf(id) {
  return id.type === "Literal" ? id.value : id.name;
}
