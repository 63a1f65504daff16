-- migrate:up

ALTER TABLE recent_writes RENAME COLUMN written_at TO refused_until;

COMMENT ON COLUMN recent_writes.refused_until IS 'until then the same is refused: briefly while it is being done, for minutes once it is done';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
