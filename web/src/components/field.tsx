import { type ReactNode, useId } from "react";

/** What an input needs to belong to its field. */
export interface FieldProps {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": boolean | undefined;
}

interface FieldShellProps {
  readonly label: string;
  /** What may be given, and what it does. */
  readonly hint?: ReactNode;
  /** What is wrong with what was given. */
  readonly error?: string | undefined;
  readonly children: (props: FieldProps) => ReactNode;
}

/** An input with its name, its hint and what is wrong with it. */
export function Field({ label, hint, error, children }: FieldShellProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children({
        id,
        "aria-describedby": note === undefined ? undefined : `${id}note`,
        "aria-invalid": error === undefined ? undefined : true,
      })}
      {note !== undefined && (
        <p
          id={`${id}note`}
          role={error === undefined ? undefined : "alert"}
          className={`text-xs ${error === undefined ? "text-ink-soft" : "text-danger"}`}
        >
          {note}
        </p>
      )}
    </div>
  );
}
