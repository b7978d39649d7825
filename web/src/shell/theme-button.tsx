import { useSyncExternalStore } from "react";
import { IconButton } from "../components/icon-button.tsx";
import { useShortcut } from "../keys/shortcuts.tsx";
import { useText } from "../text/text-context.tsx";
import { nextTheme, theme } from "./theme.ts";

const icons = { system: "system", light: "sun", dark: "moon" } as const;

/** Goes through the choices of colours. */
export function ThemeButton() {
  const { shell, keys } = useText();
  const name = useSyncExternalStore(theme.subscribe, theme.get);
  useShortcut({ keys: "t", label: keys.theme, everywhere: true, command: true }, nextTheme);
  return (
    <IconButton
      icon={icons[name]}
      label={`${shell.theme.label}: ${shell.theme[name]}`}
      onClick={nextTheme}
    />
  );
}
