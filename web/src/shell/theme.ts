import { ValueStore } from "../live/value-store.ts";
import { remembered } from "./remembered.ts";

export const themes = ["system", "light", "dark"] as const;

export type Theme = (typeof themes)[number];

const kept = remembered("theme");

const isTheme = (name: string | undefined): name is Theme => themes.some((theme) => theme === name);

function startTheme(): Theme {
  const name = kept.get();
  return isTheme(name) ? name : "system";
}

/** The reader's choice of colours. */
export const theme = new ValueStore<Theme>("system");

/** Shows the page in the colours chosen before, and remembers the next choice. */
export function followTheme(): void {
  theme.subscribe(() => {
    const name = theme.get();
    if (name === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = name;
    kept.set(name);
  });
  theme.set(startTheme());
}

/** The choice after the present one, for the button and the key. */
export function nextTheme(): void {
  theme.set(themes[(themes.indexOf(theme.get()) + 1) % themes.length] ?? "system");
}
