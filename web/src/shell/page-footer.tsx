import { useSession } from "../api/session.ts";
import { useText } from "../text/text-context.tsx";

const databases = { postgres: "PostgreSQL", sqlite: "SQLite" } as const;

/** Whose dashboard this is, of what, and who looks at it. */
export function PageFooter() {
  const { shell } = useText();
  const session = useSession();
  if (session === undefined) return null;
  const { version, database, actor, role } = session;
  return (
    <footer className="flex flex-wrap justify-between gap-x-6 gap-y-1 px-3 py-3 text-xs text-ink-soft sm:px-5">
      <span>
        Holdfast {version} · {databases[database]}
      </span>
      <span>{shell.signedIn(actor, role === null ? undefined : shell.roles[role])}</span>
    </footer>
  );
}
