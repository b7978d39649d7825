import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useSession } from "../api/session.ts";
import { Chip } from "../components/chip.tsx";
import { IconButton } from "../components/icon-button.tsx";
import { useText } from "../text/text-context.tsx";
import { ConnectionDot } from "./connection-dot.tsx";
import { LanguageButton } from "./language-button.tsx";
import { Mark } from "./mark.tsx";
import { isAt, navigation } from "./pages.ts";
import { ThemeButton } from "./theme-button.tsx";

interface TopBarProps {
  readonly onPalette: () => void;
  readonly onHelp: () => void;
}

/** The bar above every page: where one can go, and how the page itself is. */
export function TopBar({ onPalette, onHelp }: TopBarProps) {
  const { shell, keys } = useText();
  const readOnly = useSession()?.readOnly === true;
  const [path] = useLocation();
  return (
    <div className="flex h-14 items-center gap-1 px-3 sm:px-5">
      <NavigationMenu key={path} />
      <Link href="/" className="me-2 flex items-center gap-2 rounded-md font-semibold">
        <Mark />
        <span className="max-[26rem]:sr-only">Holdfast</span>
      </Link>
      <nav aria-label={shell.pages} className="hidden min-w-0 flex-1 gap-0.5 min-[1200px]:flex">
        <NavigationLinks />
      </nav>
      <span className="flex-1 min-[1200px]:hidden" />
      {readOnly && (
        <Chip icon="blocked" title={shell.readOnly}>
          <span className="max-sm:sr-only">{shell.readOnly}</span>
        </Chip>
      )}
      <ConnectionDot />
      <IconButton icon="search" label={keys.palette} onClick={onPalette} />
      <ThemeButton />
      <LanguageButton />
      <span className="max-sm:hidden">
        <IconButton icon="keyboard" label={shell.help} onClick={onHelp} />
      </span>
    </div>
  );
}

/** The links of the bar behind a button, where there is no room for them. */
function NavigationMenu() {
  const { shell } = useText();
  const [open, setOpen] = useState(false);
  return (
    <div className="min-[1200px]:hidden">
      <IconButton
        icon={open ? "close" : "menu"}
        label={shell.menu}
        aria-expanded={open}
        className="-ms-1"
        onClick={() => setOpen(!open)}
      />
      {open && (
        <nav
          aria-label={shell.pages}
          className="absolute inset-x-0 top-full z-40 grid gap-1 border-b border-line bg-surface p-3 shadow-high sm:grid-cols-3"
        >
          <NavigationLinks />
        </nav>
      )}
    </div>
  );
}

function NavigationLinks() {
  const text = useText();
  const [location] = useLocation();
  return navigation.map(({ to, text: name }) => (
    <Link
      key={to}
      href={to}
      aria-current={isAt(to, location) ? "page" : undefined}
      className="rounded-md px-2.5 py-1.5 font-medium whitespace-nowrap text-ink-soft hover:bg-raised hover:text-ink aria-[current]:bg-accent-tint aria-[current]:text-accent"
    >
      {text.shell.titles[name]}
    </Link>
  ));
}
