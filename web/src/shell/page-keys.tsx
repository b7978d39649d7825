import { useLocation } from "wouter";
import { useShortcut } from "../keys/shortcuts.tsx";
import { useText } from "../text/text-context.tsx";
import { type NavigationEntry, navigation } from "./pages.ts";

/** The keys that lead to the pages, and the one that leads to a page's search. */
export function PageKeys() {
  const { keys } = useText();
  useShortcut({ keys: "/", label: keys.search, everywhere: true }, focusSearch);
  return navigation.map((entry) => <PageKey key={entry.to} entry={entry} />);
}

function PageKey({ entry }: { readonly entry: NavigationEntry }) {
  const text = useText();
  const [, navigate] = useLocation();
  const label = text.keys.goTo(text[entry.text].title);
  useShortcut({ keys: `g ${entry.key}`, label, everywhere: true }, () => navigate(entry.to));
  return null;
}

/** A page marks its search field as such by `type="search"`. */
function focusSearch(): void {
  document.querySelector<HTMLElement>("main [type=search], main [role=searchbox]")?.focus();
}
