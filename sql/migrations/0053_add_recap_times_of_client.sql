-- migrate:up

ALTER TABLE clients ADD COLUMN rekap_at text;
COMMENT ON COLUMN clients.rekap_at IS 'its own days and times of recaps as mon 07:00,1. 07:00; empty: never; null: those of CICERO_REKAP_AT';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
