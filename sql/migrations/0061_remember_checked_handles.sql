-- migrate:up

-- What an upstream said of a handle that no reading has shown yet, so that nobody asks again soon.
CREATE TABLE handle_check (
    platform text NOT NULL CHECK (platform IN ('insta', 'tiktok')),
    username text NOT NULL,
    checked_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'private', 'no_posts', 'renamed', 'gone', 'refused')),
    called text,
    CONSTRAINT handle_check_pkey PRIMARY KEY (platform, username),
    CHECK ((state = 'renamed') = (called IS NOT NULL))
);
COMMENT ON TABLE handle_check IS 'handles on file that no reading has shown, as the upstream knew them when it was asked (user check --handles)';
COMMENT ON COLUMN handle_check.state IS 'open: there, with posts; refused: the upstream shows nothing and does not say why';
COMMENT ON COLUMN handle_check.called IS 'the account''s name now';

ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check
    CHECK (kind IN ('laphar', 'reminder', 'rekap', 'tugas', 'sync', 'reset', 'test', 'answer', 'explanation', 'check'));

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
