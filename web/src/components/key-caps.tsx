import { useText } from "../text/text-context.tsx";

const isMac = navigator.platform.startsWith("Mac");

/** A shortcut's keys, drawn as keys: `g j`, `mod+k`. */
export function KeyCaps({ keys }: { readonly keys: string }) {
  const text = useText().keys;
  return (
    <span className="inline-flex items-center gap-1">
      {keys.split(" ").map((part, index) => (
        <span key={`${index}-${part}`} className="inline-flex items-center gap-1">
          {index > 0 && <span className="text-xs text-ink-soft">{text.followedBy}</span>}
          {part.split("+").map((key) => (
            <kbd
              key={key}
              className="min-w-5 rounded border border-line bg-raised px-1.5 py-0.5 text-center font-mono text-xs"
            >
              {key === "mod" ? (isMac ? "⌘" : "Ctrl") : key}
            </kbd>
          ))}
        </span>
      ))}
    </span>
  );
}
