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
}

interface Shortcuts {
  readonly list: readonly Shortcut[];
  readonly add: (shortcut: Shortcut, action: () => void) => () => void;
}

const Context = createContext<Shortcuts | undefined>(undefined);

/** Listens to the keys for everything below it. */
export function ShortcutProvider({ children }: { readonly children: ReactNode }) {
  const [map] = useState(() => new KeyMap());
  const [list, setList] = useState<readonly Shortcut[]>([]);
  useEffect(() => listen(map), [map]);
  const add = useCallback(
    (shortcut: Shortcut, action: () => void) => {
      const remove = map.add(shortcut.keys, action);
      setList((all) => [...all, shortcut]);
      return () => {
        remove();
        setList((all) => all.filter((each) => each !== shortcut));
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

/** Adds a shortcut while the component is there. The help lists it by its label. */
export function useShortcut({ keys, label, everywhere = false }: Shortcut, action: () => void) {
  const { add } = useShortcuts();
  const latest = useRef(action);
  useEffect(() => {
    latest.current = action;
  });
  useEffect(
    () => add({ keys, label, everywhere }, () => latest.current()),
    [add, keys, label, everywhere],
  );
}
