/**
 * What workers say of themselves. In a file, heartbeats and what they say stand beside the database; `beat_at` and `report` are
 * for a database in memory.
 */
export const presencePart = `
ALTER TABLE holdfast_worker ADD COLUMN version TEXT;
ALTER TABLE holdfast_worker ADD COLUMN slots TEXT NOT NULL DEFAULT '{}';
ALTER TABLE holdfast_worker ADD COLUMN beat_at INTEGER;
ALTER TABLE holdfast_worker ADD COLUMN report TEXT;
ALTER TABLE holdfast_worker ADD COLUMN drained_by TEXT;
`;
