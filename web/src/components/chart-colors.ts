import { theme } from "../shell/theme.ts";

/** Reads what colour a token has in the theme shown: canvas knows no tokens. */
export function tokenColors(host: HTMLElement): (token: string) => string {
  const probe = document.createElement("span");
  probe.hidden = true;
  host.append(probe);
  return (token) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
}

/** Calls back when the colours of the page change, by the reader or by the system. */
export function onColorsChange(changed: () => void): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", changed);
  const stop = theme.subscribe(changed);
  return () => {
    dark.removeEventListener("change", changed);
    stop();
  };
}
