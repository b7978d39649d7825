import { type Bar, type BarGroup, type Panel, panelsOf } from "./chart-data.ts";
import { logScale, type Scale } from "./chart-scale.ts";
import { times } from "./figures.ts";
import type { SavedRun } from "./result.ts";

const width = 860;
const margin = 28;
const plotLeft = 262;
const plotWidth = 510;
const barHeight = 11;
const barStep = 15;
const groupGap = 13;
const lineHeight = 15;
const mostCharacters = 35;

/** Colours that keep their contrast on a light and on a dark ground. */
const palette = ["#3d7fb5", "#c9822b", "#b4505e", "#a06bb5", "#3f9270", "#7a7f87"];

const style = `
  .card { fill: #fcfbf8; stroke: #dcd8cf; }
  text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #24272c; }
  .title { font-size: 17px; font-weight: 600; }
  .panel { font-size: 13px; font-weight: 600; }
  .quiet { fill: #686c73; font-size: 11px; }
  .grid { stroke: #e4e0d7; }
  .even { stroke: #24272c; stroke-width: 1.25; }
  .spread { stroke: #24272c; stroke-opacity: 0.55; }
  .worse { fill-opacity: 0.55; }
  @media (prefers-color-scheme: dark) {
    .card { fill: #17191d; stroke: #33373e; }
    text { fill: #e6e4df; }
    .quiet { fill: #9b9fa6; }
    .grid { stroke: #2c3036; }
    .even, .spread { stroke: #e6e4df; }
  }`;

/** An SVG of how Holdfast compares with each peer: bars to the right of the line are in its favour. */
export function chartOf(run: SavedRun): string {
  const panels = panelsOf(run.results);
  const bars = panels.flatMap(({ groups }) => groups.flatMap((group) => group.bars));
  const peers = [...new Set(bars.map(({ peer }) => peer))].sort();
  const factors = bars.flatMap(({ advantage }) => [advantage.min, advantage.max]);
  const scale = logScale(factors, plotLeft, plotWidth);
  const colours = new Map(
    peers.map((peer, index) => [peer, palette[index % palette.length] ?? ""]),
  );
  const parts: string[] = [...legend(peers, colours)];
  let top = 108;
  for (const panel of panels) {
    parts.push(...panelParts(panel, top, scale, colours));
    top += panelHeight(panel) + 34;
  }
  return document(parts, top - 6, describe(panels));
}

function document(parts: readonly string[], height: number, description: string): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">Holdfast compared with other job systems</title>`,
    `<desc id="desc">${escapeXml(description)}</desc>`,
    `<style>${style}\n</style>`,
    `<rect class="card" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>`,
    text(margin, 36, "How many times better than each peer", "title"),
    text(
      margin,
      56,
      "Jobs per second, latency, CPU and statements alike. Right of the line Holdfast is better. Logarithmic; thin lines span the rounds.",
      "quiet",
    ),
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

function legend(peers: readonly string[], colours: ReadonlyMap<string, string>): readonly string[] {
  let left = margin;
  return peers.flatMap((peer) => {
    const chip = `<rect x="${left}" y="70" width="11" height="11" rx="2" fill="${colours.get(peer)}"/>`;
    const label = text(left + 16, 80, peer);
    left += 16 + peer.length * 6.6 + 20;
    return [chip, label];
  });
}

function panelParts(
  panel: Panel,
  top: number,
  scale: Scale,
  colours: ReadonlyMap<string, string>,
): readonly string[] {
  const bottom = top + panelHeight(panel);
  const parts = [text(margin, top + 2, panel.title, "panel"), ...gridParts(scale, top, bottom)];
  let y = top + 16;
  for (const group of panel.groups) {
    parts.push(...groupParts(group, y, scale, colours));
    y += group.bars.length * barStep + groupGap;
  }
  return parts;
}

function gridParts(scale: Scale, top: number, bottom: number): readonly string[] {
  return scale.ticks.flatMap((tick) => {
    const x = round(scale.at(tick));
    const kind = tick === 1 ? "even" : "grid";
    return [
      `<line class="${kind}" x1="${x}" y1="${top + 8}" x2="${x}" y2="${bottom}"/>`,
      text(x, top + 2, tick === 1 ? "equal" : `${tick}x`, "quiet", "middle"),
    ];
  });
}

function groupParts(
  { title, bars }: BarGroup,
  top: number,
  scale: Scale,
  colours: ReadonlyMap<string, string>,
): readonly string[] {
  const lines = wrap(title);
  const first = top + (bars.length * barStep) / 2 + 2 - ((lines.length - 1) * lineHeight) / 2;
  return [
    ...lines.map((line, index) => text(plotLeft - 14, first + index * lineHeight, line, "", "end")),
    ...bars.flatMap((bar, index) =>
      barParts(bar, top + index * barStep, scale, colours.get(bar.peer) ?? ""),
    ),
  ];
}

function barParts({ advantage }: Bar, top: number, scale: Scale, colour: string): string[] {
  const { median, min, max } = advantage;
  const [even, end] = [scale.at(1), scale.at(median)];
  const left = round(Math.min(even, end));
  const length = round(Math.max(Math.abs(end - even), 1));
  const middle = top + barHeight / 2;
  const worse = median < 1 ? ' class="worse"' : "";
  const labelLeft = Math.max(even, scale.at(max)) + 6;
  return [
    `<rect${worse} x="${left}" y="${top}" width="${length}" height="${barHeight}" rx="2" fill="${colour}"/>`,
    `<line class="spread" x1="${round(scale.at(min))}" y1="${middle}" x2="${round(scale.at(max))}" y2="${middle}"/>`,
    text(labelLeft, top + barHeight - 1.5, times(median), "quiet"),
  ];
}

function panelHeight({ groups }: Panel): number {
  return 16 + groups.reduce((sum, { bars }) => sum + bars.length * barStep + groupGap, 0);
}

function describe(panels: readonly Panel[]): string {
  const sentences = panels.flatMap(({ title, groups }) =>
    groups.map((group) => {
      const ratios = group.bars.map(({ peer, advantage }) => `${times(advantage.median)} ${peer}`);
      return `${title}, ${group.title}: ${ratios.join(", ")}.`;
    }),
  );
  return `How many times better Holdfast is than each peer. ${sentences.join(" ")}`;
}

/** Breaks a title into lines that fit beside the plot. */
function wrap(title: string): readonly string[] {
  const lines: string[] = [];
  for (const word of title.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`.trim();
    if (lines.length > 0 && longer.length <= mostCharacters) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function text(x: number, y: number, content: string, kind = "", anchor = "start"): string {
  const classes = kind === "" ? "" : ` class="${kind}"`;
  const anchored = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  return `<text x="${round(x)}" y="${round(y)}"${classes}${anchored}>${escapeXml(content)}</text>`;
}

const round = (value: number) => Math.round(value * 10) / 10;

function escapeXml(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
