-- migrate:up

ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('laphar', 'reminder', 'rekap', 'sync', 'reset', 'test'));

ALTER TABLE report ADD COLUMN kind text NOT NULL DEFAULT 'laphar' CHECK (kind IN ('laphar', 'rekap'));
COMMENT ON TABLE report IS 'the figures of a laphar or recap that was sent, once per client, day, scope and slot, and again where they had changed';
COMMENT ON COLUMN report.day IS 'of a recap the last one';
COMMENT ON COLUMN report.data IS 'each platform''s attendance (domain/attendance/absensi.py), users as arrays; of a recap the JSON of `rekap show`';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
