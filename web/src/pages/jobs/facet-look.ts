/** How a line of the sidebar looks: the one that is chosen is raised. */
export const facetLook =
  "rounded-md border border-transparent px-2.5 py-1.5 text-ink-soft hover:bg-raised hover:text-ink aria-[current]:border-line aria-[current]:bg-surface aria-[current]:font-medium aria-[current]:text-ink aria-[current]:shadow-low";
