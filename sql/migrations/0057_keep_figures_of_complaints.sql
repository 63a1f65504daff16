-- migrate:up

ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check
    CHECK (kind IN ('laphar', 'reminder', 'rekap', 'sync', 'reset', 'test', 'answer', 'explanation'));

-- A complaint is about a day, and keeps what that day's figures were when it was made.
ALTER TABLE complaint
    ALTER platform DROP NOT NULL,
    ADD COLUMN day date,
    ADD COLUMN via text NOT NULL DEFAULT 'dashboard' CHECK (via IN ('command', 'page', 'dashboard', 'whatsapp')),
    ADD COLUMN figures jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN proved_at timestamptz,
    ADD COLUMN proof jsonb,
    ADD COLUMN closed_by text,
    ADD COLUMN answer text,
    ADD COLUMN status text NOT NULL GENERATED ALWAYS AS (
        CASE WHEN closed_at IS NOT NULL THEN 'closed' WHEN proved_at IS NOT NULL THEN 'proved' ELSE 'open' END
    ) STORED,
    ADD CHECK ((proved_at IS NULL) = (proof IS NULL));

UPDATE complaint
SET day = (filed_at AT TIME ZONE clients.timezone)::date
FROM clients
WHERE clients.client_id = complaint.client_id;

ALTER TABLE complaint ALTER day SET NOT NULL, ALTER via DROP DEFAULT;

COMMENT ON COLUMN complaint.platform IS 'null: both';
COMMENT ON COLUMN complaint.day IS 'the day whose list it is about';
COMMENT ON COLUMN complaint.via IS 'how it came';
COMMENT ON COLUMN complaint.figures IS 'the platforms'' part of the JSON of `absensi explain` as it was then; empty of complaints older than this column';
COMMENT ON COLUMN complaint.proved_at IS 'when a reading was found to show what the figures lack';
COMMENT ON COLUMN complaint.proof IS 'the posts that it shows: platform, id, seen_at, seen_as';
COMMENT ON COLUMN complaint.status IS 'open, proved by a later reading, or closed by a person';
COMMENT ON COLUMN complaint.closed_by IS 'the account, as in the audit log';
COMMENT ON COLUMN complaint.answer IS 'what whoever closed it says';

DROP INDEX complaint_once;
CREATE UNIQUE INDEX complaint_once ON complaint (user_id, client_id, platform, day, md5(issue)) NULLS NOT DISTINCT
    WHERE closed_at IS NULL;
CREATE INDEX complaint_open ON complaint (client_id) WHERE status = 'open';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
