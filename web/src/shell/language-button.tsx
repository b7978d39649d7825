import { IconButton } from "../components/icon-button.tsx";
import { Menu } from "../components/menu.tsx";
import { isLanguage, languages } from "../text/language.ts";
import { useLanguage, useText } from "../text/text-context.tsx";

/** Chooses among the languages. */
export function LanguageButton() {
  const { shell } = useText();
  const { language, speak } = useLanguage();
  const items = Object.entries(languages).flatMap(([code, name]) =>
    isLanguage(code)
      ? [{ label: name, checked: code === language, onSelect: () => speak(code) }]
      : [],
  );
  return (
    <Menu items={items}>
      {(props) => <IconButton {...props} icon="language" label={shell.language} />}
    </Menu>
  );
}
