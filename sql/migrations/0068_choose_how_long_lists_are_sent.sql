-- migrate:up

ALTER TABLE clients ADD COLUMN long_lists text NOT NULL DEFAULT 'parts' CHECK (long_lists IN ('parts', 'attachment'));
COMMENT ON COLUMN clients.long_lists IS 'how the names of a laphar of a hundred people and more are sent: as numbered parts or as a workbook';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
