-- migrate:up

-- A post is marked deleted at the second complete listing in a row that lacks it: one odd listing deletes nothing.
ALTER TABLE insta_post ADD COLUMN missing_since timestamptz;
ALTER TABLE tiktok_post ADD COLUMN missing_since timestamptz;

COMMENT ON COLUMN insta_post.missing_since IS 'when a complete listing first lacked it; null as soon as one has it again';
COMMENT ON COLUMN tiktok_post.missing_since IS 'when a complete listing first lacked it; null as soon as one has it again';

CREATE TABLE unreadable_posts (
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    platform text NOT NULL CHECK (platform IN ('insta', 'tiktok')),
    day date NOT NULL,
    posts integer NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (client_id, platform, day)
);

COMMENT ON TABLE unreadable_posts IS 'how many posts the newest listing of a day held that could not be read, where it held any';

-- migrate:down
