const marker = /^<!-- bench:begin ([\w-]+) -->\n[^]*?^<!-- bench:end \1 -->$/gm;

/**
 * A page with the text between its `<!-- bench:begin NAME -->` and `<!-- bench:end NAME -->` lines replaced. Page and `blocks`
 * must name the same blocks, each once: a figure that nobody writes, or that nobody reads, is an error.
 */
export function fillBlocks(page: string, blocks: Readonly<Record<string, string>>): string {
  const found = [...page.matchAll(marker)].map((match) => match[1] ?? "");
  const wanted = Object.keys(blocks);
  if (found.toSorted().join() !== wanted.toSorted().join()) {
    throw new Error(`the page has the blocks [${found.join()}], written are [${wanted.join()}]`);
  }
  return page.replace(marker, (_all, name: string) => {
    const text = (blocks[name] ?? "").trim();
    return `<!-- bench:begin ${name} -->\n\n${text}\n\n<!-- bench:end ${name} -->`;
  });
}
