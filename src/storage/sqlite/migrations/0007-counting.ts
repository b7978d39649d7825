/**
 * Operations count their jobs on the way, and `counted` is the id up to which they have; NULL when all are counted. Workers of the
 * code before it go on beside it: they do not count.
 */
export const counting = {
  id: 7,
  name: "counting",
  minCode: 4,
  sql: "ALTER TABLE holdfast_operation ADD COLUMN counted INTEGER;",
} as const;
