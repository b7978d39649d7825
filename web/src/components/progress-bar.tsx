import { useFormats } from "../text/text-context.tsx";

interface ProgressBarProps {
  /** What goes on, for screen readers. */
  readonly label: string;
  readonly done: number;
  /** Undefined while nobody knows how much there is. */
  readonly of: number | undefined;
}

/** How much of something is done, or in use. */
export function ProgressBar({ label, done, of }: ProgressBarProps) {
  const { number } = useFormats();
  const share = of === undefined ? undefined : Math.min(1, done / Math.max(1, of));
  const said = of === undefined ? number(done) : `${number(done)} / ${number(of)}`;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={of}
      aria-valuenow={share === undefined ? undefined : done}
      aria-valuetext={said}
      title={said}
      className="h-2 overflow-hidden rounded-full bg-line"
    >
      <div
        className={`h-full rounded-full bg-accent transition-[width] ${share === undefined ? "w-1/3 animate-pulse" : ""}`}
        style={share === undefined ? undefined : { width: `${share * 100}%` }}
      />
    </div>
  );
}
