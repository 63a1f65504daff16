-- migrate:up

-- The sheet at Google's that a client keeps its people in: `user sync` reads it every night.
CREATE TABLE followed_sheet (
    client_id text PRIMARY KEY REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    link text NOT NULL,
    tab text,
    since timestamptz NOT NULL
);

COMMENT ON TABLE followed_sheet IS 'the Google Sheet that a client''s people are kept in; read every night (user sync)';
COMMENT ON COLUMN followed_sheet.since IS 'no night before is caught up';

ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('laphar', 'reminder', 'sync', 'test'));

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
