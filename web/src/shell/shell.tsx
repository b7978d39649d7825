import { type ReactNode, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useSession } from "../api/session.ts";
import { useShortcut } from "../keys/shortcuts.tsx";
import { clock } from "../live/clock.ts";
import { useText } from "../text/text-context.tsx";
import { EnvironmentStrip } from "./environment-strip.tsx";
import { KeysDialog } from "./keys-dialog.tsx";
import { PageFooter } from "./page-footer.tsx";
import { PageKeys } from "./page-keys.tsx";
import { CommandPalette } from "./command-palette.tsx";
import { TopBar } from "./top-bar.tsx";

/** What stands around every page. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { shell, keys } = useText();
  const [open, setOpen] = useState<"palette" | "keys">();
  const close = () => setOpen(undefined);
  useServerTime();
  useShortcut({ keys: "?", label: keys.help, everywhere: true, command: true }, () =>
    setOpen("keys"),
  );
  useShortcut({ keys: "mod+k", label: keys.palette, everywhere: true }, () => setOpen("palette"));
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href={`${location.pathname}${location.search}#main`}
        className="sr-only focus:not-sr-only absolute z-50 rounded-md bg-accent px-3 py-2 text-accent-ink"
      >
        {shell.skip}
      </a>
      <header className="sticky top-0 z-30 border-b border-line bg-surface">
        <EnvironmentStrip />
        <TopBar onPalette={() => setOpen("palette")} onHelp={() => setOpen("keys")} />
      </header>
      <PageKeys onSearch={() => setOpen("palette")} />
      <PageArea>{children}</PageArea>
      <PageFooter />
      {open === "palette" && <CommandPalette onClose={close} />}
      {open === "keys" && <KeysDialog onClose={close} />}
    </div>
  );
}

/** The page itself; screen readers begin there after a change of page. */
function PageArea({ children }: { readonly children: ReactNode }) {
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <main ref={main} id="main" tabIndex={-1} className="flex-1 px-3 py-5 sm:px-5">
      {children}
    </main>
  );
}

function useServerTime(): void {
  const now = useSession()?.now;
  useEffect(() => {
    if (now !== undefined) clock.set(now);
  }, [now]);
}
