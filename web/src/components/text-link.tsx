import type { ReactNode } from "react";
import { Link } from "wouter";

interface TextLinkProps {
  /** An address of the dashboard, such as `/jobs/12`. */
  readonly to: string;
  readonly title?: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A link in a text or a table. */
export function TextLink({ to, title, className = "", children }: TextLinkProps) {
  return (
    <Link href={to} title={title} className={`text-accent hover:underline ${className}`}>
      {children}
    </Link>
  );
}
