import { Dialog } from "../components/dialog.tsx";
import { KeyCaps } from "../components/key-caps.tsx";
import { type Shortcut, useShortcutList } from "../keys/shortcuts.tsx";
import { useText } from "../text/text-context.tsx";

/** Lists the shortcuts that work where one is. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const { keys } = useText();
  const all = useShortcutList();
  const here = all.filter(({ everywhere }) => everywhere !== true);
  const everywhere = all.filter((shortcut) => shortcut.everywhere === true);
  return (
    <Dialog title={keys.title} onClose={onClose} wide>
      <div className="grid gap-6 sm:grid-cols-2">
        <ShortcutList title={keys.everywhere} shortcuts={everywhere} />
        {here.length > 0 && <ShortcutList title={keys.here} shortcuts={here} />}
      </div>
    </Dialog>
  );
}

interface ShortcutListProps {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

function ShortcutList({ title, shortcuts }: ShortcutListProps) {
  return (
    <section>
      <h3 className="mb-2 text-xs font-semibold text-ink-soft">{title}</h3>
      <dl className="grid gap-2">
        {shortcuts.map(({ keys, label }) => (
          <div key={keys} className="flex items-center justify-between gap-4">
            <dt>{label}</dt>
            <dd>
              <KeyCaps keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
