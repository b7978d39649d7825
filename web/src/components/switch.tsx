interface SwitchProps {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly disabled?: boolean;
}

/** Something that is on or off. */
export function Switch({ label, on, onChange, disabled = false }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      disabled={disabled}
      onClick={() => onChange(!on)}
      className="inline-flex items-center gap-2 disabled:opacity-50"
    >
      <span
        aria-hidden="true"
        className={`inline-flex h-5 w-9 items-center rounded-full p-0.5 transition-colors ${on ? "bg-accent" : "bg-line-strong"}`}
      >
        <span
          className={`size-4 rounded-full bg-surface transition-transform ${on ? "translate-x-4" : ""}`}
        />
      </span>
      {label}
    </button>
  );
}
