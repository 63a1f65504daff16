-- migrate:up

ALTER TABLE sessions ADD COLUMN used_at timestamptz NOT NULL DEFAULT now();

COMMENT ON COLUMN sessions.used_at IS 'when its token was last used, to within some minutes; one that nobody uses ends';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
