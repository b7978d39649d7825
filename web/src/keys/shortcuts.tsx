import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { KeyMap } from "./key-map.ts";

/** A shortcut as the help shows it. */
export interface Shortcut {
  /** `?`, `g j`, `mod+k`. */
  readonly keys: string;
  /** What it does. */
  readonly label: string;
  /** True for one that works on every page. */
  readonly everywhere?: boolean;
  /** True for what the palette offers as well: an act, not a step such as to the next row. */
  readonly command?: boolean;
}

interface Active extends Shortcut {
  readonly run: () => void;
}

interface Shortcuts {
  readonly list: readonly Active[];
  readonly add: (shortcut: Shortcut, action: () => void) => () => void;
}

const Context = createContext<Shortcuts | undefined>(undefined);

/** Listens to the keys for everything below it. */
export function ShortcutProvider({ children }: { readonly children: ReactNode }) {
  const [map] = useState(() => new KeyMap());
  const [list, setList] = useState<readonly Active[]>([]);
  useEffect(() => listen(map), [map]);
  const add = useCallback(
    (shortcut: Shortcut, run: () => void) => {
      const remove = map.add(shortcut.keys, run);
      const active = { ...shortcut, run };
      setList((all) => [...all, active]);
      return () => {
        remove();
        setList((all) => all.filter((each) => each !== active));
      };
    },
    [map],
  );
  const value = useMemo(() => ({ list, add }), [list, add]);
  return <Context value={value}>{children}</Context>;
}

function listen(map: KeyMap): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const { key, ctrlKey, metaKey, altKey, target } = event;
    const inDialog = document.querySelector("dialog[open]") !== null;
    const typing = inDialog || isWriting(target);
    const action = map.find({ key, ctrlKey, metaKey, altKey, typing }, event.timeStamp);
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}

/** True for what takes letters. */
const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("input:not([type=checkbox]), textarea, select"));

function useShortcuts(): Shortcuts {
  const shortcuts = use(Context);
  if (shortcuts === undefined) throw new Error("outside of ShortcutProvider");
  return shortcuts;
}

/** All shortcuts that work now. */
export const useShortcutList = (): readonly Shortcut[] => useShortcuts().list;

/** What can be done now, for the palette. */
export const useCommands = (): readonly Active[] =>
  useShortcuts().list.filter(({ command }) => command === true);

/** Adds a shortcut while the component is there. The help lists it by its label. */
export function useShortcut(shortcut: Shortcut, action: () => void) {
  const { keys, label, everywhere = false, command = false } = shortcut;
  const { add } = useShortcuts();
  const latest = useRef(action);
  useEffect(() => {
    latest.current = action;
  });
  useEffect(
    () => add({ keys, label, everywhere, command }, () => latest.current()),
    [add, keys, label, everywhere, command],
  );
}
