import { useLocation } from "wouter";
import { useShortcut } from "../keys/shortcuts.tsx";
import { useText } from "../text/text-context.tsx";
import { type NavigationEntry, navigation } from "./pages.ts";

interface PageKeysProps {
  /** Searches where a page has no search of its own. */
  readonly onSearch: () => void;
}

/** The keys that lead to the pages, and the one that leads to a page's search. */
export function PageKeys({ onSearch }: PageKeysProps) {
  const { keys } = useText();
  useShortcut({ keys: "/", label: keys.search, everywhere: true }, () => {
    const field = searchField();
    if (field === null) onSearch();
    else field.focus();
  });
  return navigation.map((entry) => <PageKey key={entry.to} entry={entry} />);
}

function PageKey({ entry }: { readonly entry: NavigationEntry }) {
  const text = useText();
  const [, navigate] = useLocation();
  const label = text.keys.goTo(text.shell.titles[entry.text]);
  useShortcut({ keys: `g ${entry.key}`, label, everywhere: true }, () => navigate(entry.to));
  return null;
}

/** A page marks its search field as such by `type="search"`, or by a role. */
const searchField = (): HTMLElement | null =>
  document.querySelector("main [type=search], main [role=searchbox], main [role=search] input");
