GRANT USAGE ON SCHEMA holdfast TO shop;
GRANT USAGE ON SEQUENCE holdfast.job_id, holdfast.job_seq TO shop;
GRANT SELECT, INSERT, DELETE ON holdfast.live, holdfast.later, holdfast.blocked, holdfast.hint TO shop;
GRANT INSERT ON holdfast.stat_line TO shop;
GRANT SELECT, INSERT, UPDATE ON holdfast.uniq, holdfast.idempotency TO shop;
GRANT SELECT, DELETE ON holdfast.keylock TO shop;
GRANT SELECT ON holdfast.jobs TO shop;
