-- migrate:up

ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (
    kind IN ('laphar', 'reminder', 'rekap', 'tugas', 'sync', 'reset', 'test', 'answer', 'explanation')
);

ALTER TABLE report DROP CONSTRAINT report_kind_check;
ALTER TABLE report ADD CONSTRAINT report_kind_check CHECK (kind IN ('laphar', 'rekap', 'tugas'));
COMMENT ON TABLE report IS 'what a laphar, recap or task list said that was sent, once per client, day, scope and slot, and again where it had changed';
COMMENT ON COLUMN report.slot IS 'when the report was due; of a recap its days; of a task list the how-manieth of the day';
COMMENT ON COLUMN report.data IS 'each platform''s attendance (domain/attendance/absensi.py), users as arrays; of a recap and a task list the JSON of their `show`';

ALTER TABLE clients ADD COLUMN tugas_until text;
COMMENT ON COLUMN clients.tugas_until IS 'until when its task lists go out, as 17:15; empty: never; null: as CICERO_TUGAS_UNTIL says';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
