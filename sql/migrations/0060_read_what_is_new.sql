-- migrate:up

ALTER TABLE insta_post ADD COLUMN whole_at timestamptz;
ALTER TABLE tiktok_post
    ADD COLUMN whole_at timestamptz,
    ADD COLUMN whole_listed integer,
    ADD COLUMN whole_total bigint,
    ADD COLUMN last_cursor bigint;

COMMENT ON COLUMN insta_post.whole_at IS 'when everybody whom the upstream lists was last on file: after a reading of all, or of all who came since';
COMMENT ON COLUMN tiktok_post.whole_listed IS 'how many comments the last reading from the beginning listed, of whole_total: replies and filtered ones never come';
COMMENT ON COLUMN tiktok_post.last_cursor IS 'where the page began that ended the last reading';

CREATE OR REPLACE VIEW post AS
SELECT 'insta' AS platform, post_id, client_id, post_key, published_at, caption, kind, thumbnail_url, like_count,
    comment_count, share_count, view_count, like_count AS shown_count, listed, total, fetched_at, fetched_count,
    first_seen_at, deleted_at, day, excluded_at, is_counted, absent, NULL::text AS account, whole_at
FROM insta_post
UNION ALL
SELECT 'tiktok', post_id, client_id, post_key, published_at, caption, kind, thumbnail_url, like_count,
    comment_count, share_count, view_count, comment_count, listed, total, fetched_at, fetched_count,
    first_seen_at, deleted_at, day, excluded_at, is_counted, absent, account, whole_at
FROM tiktok_post;

ALTER TABLE runs
    ADD COLUMN finished integer NOT NULL DEFAULT 0,
    ADD COLUMN unmoved integer NOT NULL DEFAULT 0,
    ADD COLUMN later integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN runs.finished IS 'posts that were not read, as everybody expected had been seen';
COMMENT ON COLUMN runs.unmoved IS 'likewise, as their count had not moved';
COMMENT ON COLUMN runs.later IS 'likewise, as another fetch comes in time';

CREATE TABLE comment_habit (
    host text PRIMARY KEY,
    comment_order text CHECK (comment_order IN ('newest_first', 'oldest_first', 'ranked', 'none')),
    page_size integer CHECK (page_size > 0),
    learnt_at timestamptz NOT NULL
);
COMMENT ON TABLE comment_habit IS 'what was learnt of a provider''s comments: in which order they come, and how many on a page';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
