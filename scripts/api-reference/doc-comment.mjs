/**
 * @typedef {object} Doc What a comment says.
 * @property {string} text
 * @property {readonly string[]} throws
 * @property {readonly string[]} examples code, each
 */

/**
 * The doc comment that ends right before a place, or nothing.
 * @param {import("./symbols.mjs").Source} source
 * @param {number} start
 * @returns {Doc | undefined}
 */
export function docBefore({ text, comments }, start) {
  const last = comments.findLast(({ end }) => end <= start);
  if (last?.type !== "Block" || !last.value.startsWith("*")) return undefined;
  return text.slice(last.end, start).trim() === "" ? parse(last.value.slice(1)) : undefined;
}

/**
 * @param {string} comment
 * @returns {Doc}
 */
function parse(comment) {
  const lines = comment.split("\n").map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
  const [text = "", ...tags] = lines
    .join("\n")
    .trim()
    .split(/^@(?=throws|example)/m);
  const of = (/** @type {string} */ tag) =>
    tags.filter((each) => each.startsWith(tag)).map((each) => each.slice(tag.length).trim());
  return {
    text: text.trim(),
    throws: of("throws").map((each) => each.replace("{HoldfastError} ", "")),
    examples: of("example"),
  };
}
