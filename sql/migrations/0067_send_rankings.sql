-- migrate:up

ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check
    CHECK (kind IN ('laphar', 'reminder', 'rekap', 'tugas', 'peringkat', 'sync', 'reset', 'test', 'answer', 'explanation', 'check', 'notice'));
ALTER TABLE report DROP CONSTRAINT report_kind_check;
ALTER TABLE report ADD CONSTRAINT report_kind_check CHECK (kind IN ('laphar', 'rekap', 'tugas', 'peringkat'));
COMMENT ON TABLE report IS 'what a laphar, recap, task list or ranking said that was sent, once per client, day, scope and slot, and again where it had changed';
COMMENT ON COLUMN report.slot IS 'when the report was due; of a recap its days; of a task list the how-manieth of the day; of a ranking what is ranked and the days';
COMMENT ON COLUMN report.data IS 'each platform''s attendance (domain/attendance/absensi.py), users as arrays; of a recap, a task list and a ranking the JSON of their `show`';

ALTER TABLE clients ADD COLUMN name_bottom boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN clients.name_bottom IS 'whether rankings name those of its people who have done least';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
