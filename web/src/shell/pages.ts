import type { Catalogue } from "../text/catalogue.ts";

/** A page in the bar at the top. */
export interface NavigationEntry {
  readonly to: string;
  /** Its title in the catalogue. */
  readonly text: keyof Catalogue["shell"]["titles"];
  /** Pressed after `g`. */
  readonly key: string;
}

/** The pages in the bar, in its order. */
export const navigation: readonly NavigationEntry[] = [
  { to: "/", text: "overview", key: "o" },
  { to: "/jobs", text: "jobs", key: "j" },
  { to: "/queues", text: "queues", key: "q" },
  { to: "/schedules", text: "schedules", key: "s" },
  { to: "/workers", text: "workers", key: "w" },
  { to: "/limits", text: "limits", key: "l" },
  { to: "/operations", text: "operations", key: "p" },
  { to: "/health", text: "health", key: "h" },
  { to: "/audit", text: "audit", key: "a" },
];

/** True when an address is of an entry: the page itself, or one below it. */
export const isAt = (to: string, location: string): boolean =>
  to === "/" ? location === "/" : location === to || location.startsWith(`${to}/`);
