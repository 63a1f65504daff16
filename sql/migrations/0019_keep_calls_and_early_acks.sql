-- migrate:up

ALTER TABLE outbox ADD COLUMN called_at timestamptz;

COMMENT ON COLUMN outbox.called_at IS 'when the gateway was called in the newest try; null: not yet, so that nothing can have been sent';

-- gowa reports that a message arrived before it answers with the message's id.
CREATE TABLE early_ack (
    gateway_message_id text PRIMARY KEY,
    ack integer NOT NULL,
    came_at timestamptz NOT NULL
);

COMMENT ON TABLE early_ack IS 'acks of ids that no message has yet; one day';

CREATE INDEX early_ack_by_age ON early_ack (came_at);

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
