import type { ReactNode } from "react";
import { Link } from "wouter";

interface StatTileProps {
  readonly label: string;
  readonly value: ReactNode;
  /** A small word below, such as a rate. */
  readonly note?: ReactNode;
  /** Where the number is explained. */
  readonly to?: string;
  readonly tone?: "plain" | "warning" | "danger";
}

const tones = { plain: "text-ink", warning: "text-warning", danger: "text-danger" } as const;

/** One number, large. */
export function StatTile({ label, value, note, to, tone = "plain" }: StatTileProps) {
  const content = (
    <>
      <span className="text-xs text-ink-soft">{label}</span>
      <span className={`text-2xl leading-tight max-sm:text-lg font-semibold ${tones[tone]}`}>
        {value}
      </span>
      {note !== undefined && <span className="text-xs text-ink-soft">{note}</span>}
    </>
  );
  const look =
    "flex min-w-0 flex-col gap-0.5 rounded-lg border border-line bg-surface p-4 shadow-low";
  if (to === undefined) return <div className={look}>{content}</div>;
  return (
    <Link href={to} className={`${look} hover:border-line-strong`}>
      {content}
    </Link>
  );
}
