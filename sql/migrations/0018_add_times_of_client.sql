-- migrate:up

ALTER TABLE clients
    ADD COLUMN fetch_at text,
    ADD COLUMN laphar_at text,
    ADD COLUMN remind_at text;

COMMENT ON COLUMN clients.laphar_at IS 'its own times of the day as 15:00,18:00; empty: never; null: those of CICERO_LAPHAR_AT';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
