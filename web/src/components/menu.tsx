import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icons.ts";

export interface MenuItem {
  readonly label: string;
  readonly onSelect: () => void;
  readonly icon?: IconName;
  /** Of items of which one is chosen. */
  readonly checked?: boolean;
  readonly danger?: boolean;
  /** Why it cannot be chosen now. */
  readonly refusal?: string | undefined;
}

interface MenuProps {
  readonly items: readonly MenuItem[];
  /** The button, given what makes it open the menu. */
  readonly children: (props: {
    readonly onClick: () => void;
    readonly "aria-haspopup": "menu";
    readonly "aria-expanded": boolean;
  }) => ReactNode;
}

/** A list of things to do that opens from a button. */
export function Menu({ items, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => (open ? closeOutside(box, () => setOpen(false)) : undefined), [open]);
  const close = () => {
    setOpen(false);
    box.current?.querySelector("button")?.focus();
  };
  return (
    <div ref={box} className="relative inline-block">
      {children({
        onClick: () => setOpen(!open),
        "aria-haspopup": "menu",
        "aria-expanded": open,
      })}
      {open && <MenuList items={items} onClose={close} />}
    </div>
  );
}

function MenuList({
  items,
  onClose,
}: {
  readonly items: readonly MenuItem[];
  readonly onClose: () => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (list.current !== null) keepInWindow(list.current);
    entriesOf(list.current)[0]?.focus();
  }, []);
  return (
    <div
      ref={list}
      role="menu"
      tabIndex={-1}
      onKeyDown={(event) => onMenuKey(event, onClose)}
      className="absolute end-0 top-full z-40 my-1 min-w-44 rounded-lg border border-line bg-surface p-1 shadow-high"
    >
      {items.map((item) => (
        <MenuEntry key={item.label} item={item} onClose={onClose} />
      ))}
    </div>
  );
}

function MenuEntry({ item, onClose }: { readonly item: MenuItem; readonly onClose: () => void }) {
  const { label, icon, checked, danger = false, refusal, onSelect } = item;
  const shown = checked === true ? "check" : icon;
  return (
    <button
      type="button"
      role={checked === undefined ? "menuitem" : "menuitemradio"}
      aria-checked={checked}
      aria-disabled={refusal !== undefined || undefined}
      title={refusal}
      tabIndex={-1}
      onClick={() => {
        if (refusal !== undefined) return;
        onClose();
        onSelect();
      }}
      className={`flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-start whitespace-nowrap hover:bg-raised focus-visible:bg-raised aria-disabled:opacity-50 ${danger ? "text-danger" : ""}`}
    >
      {shown === undefined ? <span className="w-4" /> : <Icon name={shown} />}
      {label}
    </button>
  );
}

const edge = 8;

/** Moves a list to the side, or above its button, where it would go beyond the window. */
function keepInWindow(list: HTMLElement): void {
  const { left, bottom } = list.getBoundingClientRect();
  if (left < edge) list.style.insetInlineEnd = `${left - edge}px`;
  if (bottom > innerHeight) {
    list.style.top = "auto";
    list.style.bottom = "100%";
  }
}

const entriesOf = (list: Element | null): HTMLElement[] => [
  ...(list?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? []),
];

function onMenuKey(event: KeyboardEvent<HTMLDivElement>, close: () => void): void {
  const entries = entriesOf(event.currentTarget);
  const at = entries.findIndex((entry) => entry === document.activeElement);
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: -1,
  };
  const to = moves[event.key];
  if (to !== undefined) entries.at(to % entries.length)?.focus();
  else if (event.key === "Escape" || event.key === "Tab") close();
  else return;
  event.stopPropagation();
  if (event.key !== "Tab") event.preventDefault();
}

function closeOutside(box: RefObject<HTMLElement | null>, close: () => void): () => void {
  const onPress = (event: PointerEvent) => {
    if (event.target instanceof Node && box.current?.contains(event.target) === false) close();
  };
  document.addEventListener("pointerdown", onPress);
  return () => document.removeEventListener("pointerdown", onPress);
}
