-- migrate:up

-- The page lists messages newest first and 50 at a time, whatever they are narrowed by. One statement puts up to thousands
-- into the outbox at one moment, so the order needs the number too.
DROP INDEX outbox_by_queueing;
CREATE INDEX outbox_by_queueing ON outbox (queued_at, message_id);
CREATE INDEX outbox_by_client ON outbox (client_id, queued_at, message_id);
CREATE INDEX outbox_by_status ON outbox (status, queued_at, message_id);
CREATE INDEX outbox_tests ON outbox (queued_at, message_id) WHERE kind = 'test';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
