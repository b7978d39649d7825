import type { ComponentProps } from "react";

const look =
  "w-full rounded-md border border-line-strong bg-surface px-2.5 text-ink placeholder:text-ink-soft aria-invalid:border-danger disabled:opacity-60";

/** A line of text. */
export function Input({ className = "", ...rest }: ComponentProps<"input">) {
  return <input {...rest} className={`h-8 ${look} ${className}`} />;
}

/** Several lines of text. */
export function TextArea({ className = "", ...rest }: ComponentProps<"textarea">) {
  return <textarea {...rest} className={`py-1.5 ${look} ${className}`} />;
}

/** A choice among a few. */
export function Select({ className = "", ...rest }: ComponentProps<"select">) {
  return <select {...rest} className={`h-8 ${look} ${className}`} />;
}
