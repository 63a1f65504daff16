-- migrate:up

-- What people say that their handle is, until an operator decides.
CREATE TABLE handle_proposal (
    proposal_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id text NOT NULL REFERENCES "user" ON UPDATE CASCADE ON DELETE CASCADE,
    platform text NOT NULL CHECK (platform IN ('insta', 'tiktok')),
    username text NOT NULL CHECK (username = lower(username)),
    proposed_at timestamptz NOT NULL,
    outcome text CHECK (outcome IN ('accepted', 'refused', 'replaced')),
    settled_at timestamptz,
    settled_by text,
    CHECK ((outcome IS NULL) = (settled_at IS NULL))
);
CREATE UNIQUE INDEX handle_proposal_open ON handle_proposal (user_id, platform) WHERE outcome IS NULL;
COMMENT ON TABLE handle_proposal IS 'handles that people wrote to the account (IG @…, TT @…), for an operator to accept or refuse';
COMMENT ON COLUMN handle_proposal.outcome IS 'null while it is open; replaced by a later one of the same person';
COMMENT ON COLUMN handle_proposal.settled_by IS 'the account, as in the audit log';

ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check
    CHECK (kind IN ('laphar', 'reminder', 'rekap', 'tugas', 'sync', 'reset', 'test', 'answer', 'explanation', 'check', 'notice'));

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
