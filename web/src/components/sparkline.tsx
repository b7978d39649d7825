import { useFormats, useText } from "../text/text-context.tsx";

interface SparklineProps {
  /** Oldest first. */
  readonly values: readonly number[];
  /** What the numbers are, for screen readers and as its title: their sum and the greatest follow it. */
  readonly label: string;
  /** Pixels; default 120. */
  readonly width?: number;
  /** Pixels; default 24. */
  readonly height?: number;
}

/** A row of small bars. */
export function Sparkline({ values, label, width = 120, height = 24 }: SparklineProps) {
  const { number } = useFormats();
  const { chart } = useText();
  const most = Math.max(1, ...values);
  const sum = values.reduce((all, value) => all + value, 0);
  const said = `${label}: ${chart.gist(number(sum), number(Math.max(0, ...values)))}`;
  const step = width / Math.max(1, values.length);
  return (
    <svg role="img" aria-label={said} width={width} height={height} className="max-w-full">
      <title>{said}</title>
      <path d={`M0 ${height - 0.5}H${width}`} className="stroke-line" />
      {values.map((value, index) => {
        const tall = value === 0 ? 0 : Math.max(1.5, (value / most) * (height - 2));
        return (
          <rect
            key={index}
            x={index * step}
            y={height - tall}
            width={Math.max(1, step - 1)}
            height={tall}
            rx={0.5}
            className="fill-accent"
          />
        );
      })}
    </svg>
  );
}
