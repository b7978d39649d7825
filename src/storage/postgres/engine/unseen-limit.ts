/**
 * A limit that the planner cannot see. It then plans for the first few rows and so walks an index in order; told a large number, it may
 * gather every row there is and sort them, above all where it knows little of the table.
 */
export function unseenLimit(most: string): string {
  return `LIMIT (SELECT ${most}::bigint)`;
}
