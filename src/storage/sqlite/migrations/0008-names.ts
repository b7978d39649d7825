/** Finished jobs are counted by queue and name without reading their rows. Code before it goes on beside it. */
export const names = {
  id: 8,
  name: "names",
  minCode: 4,
  sql: `
CREATE INDEX holdfast_done_names ON holdfast_done (queue, name);
CREATE INDEX holdfast_dead_names ON holdfast_dead (queue, name, state);`,
} as const;
