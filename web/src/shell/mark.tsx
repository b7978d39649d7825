/** Holdfast's mark: a line held by two posts. */
export function Mark() {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 32" width={26} height={26} className="shrink-0">
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <g fill="none" strokeLinecap="round" strokeWidth={3.2} className="stroke-accent-ink">
        <path d="M10 6.5v19M22 6.5v19" />
        <path opacity={0.6} d="M5.8 19.6c4.2 2.9 8 1.4 10.2-1.7s6-5.7 10.2-2.9" />
      </g>
    </svg>
  );
}
