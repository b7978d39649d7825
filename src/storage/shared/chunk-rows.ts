/**
 * Rows that one chunk of an operation looks at, whatever matches: its row is locked meanwhile, and in SQLite nobody else writes.
 */
export const chunkRows = 5_000;
