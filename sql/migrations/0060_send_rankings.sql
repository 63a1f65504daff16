-- migrate:up

ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check
    CHECK (kind IN ('laphar', 'reminder', 'rekap', 'peringkat', 'sync', 'reset', 'test', 'answer', 'explanation'));
ALTER TABLE report DROP CONSTRAINT report_kind_check;
ALTER TABLE report ADD CONSTRAINT report_kind_check CHECK (kind IN ('laphar', 'rekap', 'peringkat'));
COMMENT ON TABLE report IS 'the figures of a laphar, recap or ranking that was sent, once per client, day, scope and slot, and again where they had changed';
COMMENT ON COLUMN report.data IS 'each platform''s attendance (domain/attendance/absensi.py), users as arrays; of a recap or ranking the JSON of its `show`';

ALTER TABLE clients ADD COLUMN name_bottom boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN clients.name_bottom IS 'whether rankings name those of its people who have done least';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
