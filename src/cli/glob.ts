import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

/** Folders no pattern means. */
const unseen = new Set(["node_modules", ".git"]);

/** Nor does one mean what lies beside modules and is none to be loaded: tests, which would run, and declarations. */
const besideModules = /(\.(test|spec|d)|_test)\.[cm]?[jt]sx?$/;

/**
 * The files a name or pattern means, sorted; none when there are none. `*` and `?` stay within a folder, `**` goes through any
 * number of them, `{a,b}` is either; tests (`*.test.*`, `*.spec.*`, `*_test.*`) and declarations are left out. A name that exists
 * is that file, whatever it is called.
 */
export function filesOf(pattern: string, folder: string): readonly string[] {
  const whole = path.resolve(folder, pattern);
  if (existsSync(whole)) return [whole];
  const parts = pattern.split(/[/\\]/);
  const firstWild = parts.findIndex((part) => /[*?{]/.test(part));
  if (firstWild === -1) return [];
  const start = path.resolve(
    folder,
    parts.slice(0, firstWild).join("/") || (parts[0] === "" ? "/" : "."),
  );
  if (!existsSync(start)) return [];
  const matches = new RegExp(`^${toRegExp(parts.slice(firstWild).join("/"))}$`);
  return filesIn(start, "")
    .filter((name) => matches.test(name) && !besideModules.test(name))
    .map((name) => path.join(start, name))
    .sort();
}

function filesIn(start: string, below: string): readonly string[] {
  return readdirSync(path.join(start, below), { withFileTypes: true }).flatMap((entry) => {
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    if (!entry.isDirectory()) return [name];
    return unseen.has(entry.name) ? [] : filesIn(start, name);
  });
}

function toRegExp(pattern: string): string {
  return pattern.replace(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[\\^$+.()|[\]{}]/g, (part) => {
    if (part === "**/") return "(?:[^/]+/)*";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    if (part.length > 1) return `(?:${part.slice(1, -1).split(",").map(toRegExp).join("|")})`;
    return `\\${part}`;
  });
}
