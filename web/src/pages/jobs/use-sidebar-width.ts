import { useState } from "react";
import { remembered } from "../../shell/remembered.ts";

/** How wide the sidebar is, in pixels. */
export interface SidebarWidth {
  readonly px: number;
  readonly set: (px: number) => void;
}

export const narrowest = 200;
export const widest = 480;
export const usual = 256;

const kept = remembered("jobs-sidebar");

/** As the reader left it. */
export function useSidebarWidth(): SidebarWidth {
  const [px, setPx] = useState(() => within(Number(kept.get() ?? usual)));
  const set = (wanted: number) => {
    const next = within(wanted);
    kept.set(String(next));
    setPx(next);
  };
  return { px, set };
}

const within = (px: number): number =>
  Number.isFinite(px) ? Math.round(Math.min(widest, Math.max(narrowest, px))) : usual;
