-- migrate:up

-- What a sent report said, to the letter: written with its messages (docs/adr/0029).
CREATE TABLE report (
    report_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    unit_id text,
    day date NOT NULL,
    scope text NOT NULL,
    slot text NOT NULL,
    made_at timestamptz NOT NULL,
    data jsonb NOT NULL
);

CREATE INDEX report_by_client_and_day ON report (client_id, day, made_at);

COMMENT ON TABLE report IS 'the figures of a laphar that was sent, once per client, day, scope and slot, and again where they had changed';
COMMENT ON COLUMN report.unit_id IS 'a directorate''s part about this unit''s people; null: the whole';
COMMENT ON COLUMN report.data IS 'each platform''s attendance (domain/attendance/absensi.py), users as arrays';

ALTER TABLE outbox ADD COLUMN report_id bigint REFERENCES report ON DELETE SET NULL;
CREATE INDEX outbox_by_report ON outbox (report_id) WHERE report_id IS NOT NULL;

COMMENT ON COLUMN outbox.report_id IS 'the figures that this message reports';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
