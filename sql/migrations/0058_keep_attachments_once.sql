-- migrate:up

-- A file goes to all recipients of a report: its bytes stand once, whoever gets them.
CREATE TABLE attachment (
    sha256 text PRIMARY KEY,
    content bytea NOT NULL,
    kept_at timestamptz NOT NULL
);

COMMENT ON TABLE attachment IS 'files of messages, each content once; a week after all of its messages went out it is pruned';
COMMENT ON COLUMN attachment.kept_at IS 'when a message with it was queued last';

ALTER TABLE outbox DROP COLUMN attachment; -- nothing was ever kept there
ALTER TABLE outbox ADD COLUMN attachment_sha256 text REFERENCES attachment ON DELETE SET NULL;
CREATE INDEX outbox_by_attachment ON outbox (attachment_sha256) WHERE attachment_sha256 IS NOT NULL;

COMMENT ON COLUMN outbox.attachment_name IS 'the file''s; the body is its caption then';
COMMENT ON COLUMN outbox.attachment_sha256 IS 'null beside a name: pruned';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
