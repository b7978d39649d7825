/**
 * A limit that the planner cannot see. It then plans for the first few rows and so walks an index in order; told a large number, it may
 * gather every row there is and sort them, above all where it knows little of the table.
 */
export function unseenLimit(most: string): string {
  return `LIMIT (SELECT ${most}::bigint)`;
}

/**
 * The rows in which a column is equal to a value, in the order of an index that begins with the column. Asked with `=`, the planner knows
 * that any order will do and may take the table as it lies, up to its end where there are fewer such rows than a limit allows.
 */
export function equalInOrder(column: string, value: string): string {
  return `${column} BETWEEN ${value} AND ${value} ORDER BY ${column}`;
}
