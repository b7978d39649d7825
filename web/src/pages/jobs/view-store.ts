import { remembered } from "../../shell/remembered.ts";

/** A filter with a name. */
export interface View {
  readonly name: string;
  readonly filter: string;
}

const kept = remembered("views");
const most = 50;

/** The views this browser keeps, by name. What cannot be read is as if there was none. */
export function readViews(): readonly View[] {
  try {
    const known: unknown = JSON.parse(kept.get() ?? "[]");
    return Array.isArray(known) ? known.filter(isView) : [];
  } catch {
    return [];
  }
}

/** Keeps a view, in place of one with its name. */
export function saveView(view: View): void {
  const others = readViews().filter(({ name }) => name !== view.name);
  const all = [...others, view].slice(-most);
  kept.set(JSON.stringify(all.toSorted((a, b) => a.name.localeCompare(b.name))));
}

export function removeView(name: string): void {
  kept.set(JSON.stringify(readViews().filter((view) => view.name !== name)));
}

function isView(value: unknown): value is View {
  if (typeof value !== "object" || value === null) return false;
  const { name, filter } = value as Readonly<Record<string, unknown>>;
  return typeof name === "string" && typeof filter === "string";
}
