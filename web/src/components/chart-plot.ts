import uPlot from "uplot";
import type { Formats } from "../format/formats.ts";
import { chartAxes } from "./chart-axes.ts";
import { onColorsChange, tokenColors } from "./chart-colors.ts";
import type { ChartData, ChartMark } from "./chart-data.ts";

export interface PlotOptions {
  readonly data: ChartData;
  readonly height: number;
  readonly formats: Formats;
  readonly onZoom: (from: number, to: number) => void;
  /** Told which of the times the mouse is at. */
  readonly onPoint: (index: number | undefined) => void;
}

/** A chart drawn into an element of the page. */
export interface Plot {
  setData(data: ChartData): void;
  setShown(ids: ReadonlySet<string>): void;
  destroy(): void;
}

type Color = (token: string) => string;

/** Draws lines over time into `host`, follows its width and the theme, and lets one drag a range. */
export function drawPlot(host: HTMLElement, options: PlotOptions): Plot {
  const color = tokenColors(host);
  let { marks = [] } = options.data;
  const plot = new uPlot(
    plotOptions(host, options, color, () => marks),
    aligned(options.data),
    host,
  );
  const stopColors = onColorsChange(() => plot.redraw());
  const resizing = new ResizeObserver(() => {
    plot.setSize({ width: host.clientWidth, height: options.height });
  });
  resizing.observe(host);
  return {
    setData(data) {
      ({ marks = [] } = data);
      plot.setData(aligned(data));
    },
    setShown(ids) {
      for (const [index, { id }] of options.data.series.entries()) {
        plot.setSeries(index + 1, { show: ids.has(id) });
      }
    },
    destroy() {
      stopColors();
      resizing.disconnect();
      plot.destroy();
      host.replaceChildren();
    },
  };
}

const aligned = ({ times, series }: ChartData): uPlot.AlignedData => [
  [...times],
  ...series.map(({ values }) => [...values]),
];

function plotOptions(
  host: HTMLElement,
  { data, height, formats, onZoom, onPoint }: PlotOptions,
  color: Color,
  marks: () => readonly ChartMark[],
): uPlot.Options {
  return {
    width: host.clientWidth,
    height,
    ms: 1,
    padding: [12, 20, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: true, y: false, setScale: false } },
    scales: { x: { time: true }, y: { range: (_, __, most) => [0, Math.max(1, most * 1.05)] } },
    axes: chartAxes(data.unit, formats, color),
    series: [{}, ...data.series.map(({ color: token }) => line(() => color(token)))],
    hooks: {
      setCursor: [(plot) => onPoint(plot.cursor.idx ?? undefined)],
      setSelect: [(plot) => select(plot, onZoom)],
      draw: [(plot) => drawMarks(plot, marks(), color("--ink-soft"))],
    },
  };
}

const line = (stroke: () => string): uPlot.Series => ({
  stroke,
  width: 1.75,
  // A value between two gaps makes no line, and would not be seen.
  points: { show: true, size: 5, filter: (plot, index) => lonely(plot.data[index] ?? []) },
});

/** The places of values that have no neighbour. */
function lonely(values: ArrayLike<number | null | undefined>): number[] {
  const all = Array.from(values);
  const isThere = (at: number) => typeof all[at] === "number";
  return [...all.keys()].filter((at) => isThere(at) && !isThere(at - 1) && !isThere(at + 1));
}

/** The least width of a range, in pixels: less is a click with an unsteady hand. */
const leastDrag = 8;

function select(plot: uPlot, onZoom: PlotOptions["onZoom"]): void {
  const { left, width } = plot.select;
  if (width < leastDrag) return;
  const [from, to] = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onZoom(Math.floor(from), Math.ceil(to));
}

function drawMarks(plot: uPlot, marks: readonly ChartMark[], color: string): void {
  const { ctx, bbox } = plot;
  const { min = 0, max = 0 } = plot.scales["x"] ?? {};
  ctx.save();
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  ctx.font = `${10 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const { at, label } of marks.filter((mark) => mark.at >= min && mark.at <= max)) {
    const x = Math.round(plot.valToPos(at, "x", true)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const gap = 4 * devicePixelRatio;
    // Before the line where there is no room for it behind.
    const fits = x + gap + ctx.measureText(label).width <= ctx.canvas.width;
    ctx.textAlign = fits ? "left" : "right";
    ctx.fillText(label, fits ? x + gap : x - gap, bbox.top + 2 * gap);
  }
  ctx.restore();
}
