/** What operators set for a queue, and whether a worker was told to drain. */
export const queueSettings = `
ALTER TABLE holdfast_queue ADD COLUMN concurrency INTEGER;
ALTER TABLE holdfast_queue ADD COLUMN max_running INTEGER;
ALTER TABLE holdfast_queue ADD COLUMN backoff TEXT;
ALTER TABLE holdfast_queue ADD COLUMN changed_at INTEGER;
ALTER TABLE holdfast_queue ADD COLUMN changed_by TEXT;
ALTER TABLE holdfast_worker ADD COLUMN draining INTEGER NOT NULL DEFAULT 0;
CREATE INDEX holdfast_blocked_queue ON holdfast_blocked (queue);`;
