-- migrate:up

-- "I did like it": what people say about a day's list, for an operator to look into.
CREATE TABLE complaint (
    complaint_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    user_id text NOT NULL REFERENCES "user" ON UPDATE CASCADE ON DELETE CASCADE,
    platform text NOT NULL CHECK (platform IN ('insta', 'tiktok')),
    username text,
    issue text NOT NULL,
    filed_by text NOT NULL,
    filed_at timestamptz NOT NULL,
    closed_at timestamptz
);

COMMENT ON TABLE complaint IS 'what people say about the list of a client''s posts: that they have done what it does not show';
COMMENT ON COLUMN complaint.client_id IS 'the client whose posts it is about; for a directorate''s not the person''s own';
COMMENT ON COLUMN complaint.username IS 'the handle that the person told';
COMMENT ON COLUMN complaint.filed_by IS 'the account, as in the audit log';

-- The same thing told again is one complaint.
CREATE UNIQUE INDEX complaint_once ON complaint (user_id, client_id, platform, md5(issue)) WHERE closed_at IS NULL;
CREATE INDEX complaint_by_client ON complaint (client_id, filed_at);

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
