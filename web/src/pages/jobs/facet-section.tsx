import { type ReactNode, useState } from "react";
import { Icon } from "../../components/icon.tsx";
import type { IconName } from "../../components/icons.ts";
import { remembered } from "../../shell/remembered.ts";

interface FacetSectionProps {
  /** Under this name it is remembered whether it is open. */
  readonly id: string;
  readonly title: string;
  /** What the numbers of each line are. */
  readonly numbers: readonly (readonly [icon: IconName, label: string])[];
  /** Made only while it is open, so that what is in it is asked for only then. */
  readonly children: ReactNode;
}

/** A part of the sidebar, to open and close. */
export function FacetSection({ id, title, numbers, children }: FacetSectionProps) {
  const [shown] = useState(() => remembered(`jobs-${id}`));
  const [open, setOpen] = useState(() => shown.get() !== "off");
  const toggle = () => {
    shown.set(open ? "off" : "on");
    setOpen(!open);
  };
  return (
    <section>
      <h2 className="flex items-center gap-1 text-xs text-ink-soft">
        <button
          type="button"
          aria-expanded={open}
          onClick={toggle}
          className="flex flex-1 items-center gap-1 rounded-md py-1 ps-1.5 text-start font-semibold hover:text-ink"
        >
          <Icon name={open ? "chevronDown" : "chevronRight"} size={14} />
          {title}
        </button>
        {open &&
          numbers.map(([icon, label]) => (
            <span key={label} title={label} className="flex w-11 justify-end last:me-2.5">
              <Icon name={icon} size={14} />
            </span>
          ))}
      </h2>
      {open && children}
    </section>
  );
}
