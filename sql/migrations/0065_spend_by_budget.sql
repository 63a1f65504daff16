-- migrate:up

ALTER TABLE runs ADD COLUMN unaffordable integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN runs.unaffordable IS 'posts that were not read, as the budget was spent on others';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
