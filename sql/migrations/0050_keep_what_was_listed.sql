-- migrate:up
-- What listings said and say no longer is asked for as of a moment.
ALTER TABLE unreadable_posts
    DROP CONSTRAINT unreadable_posts_pkey,
    ADD COLUMN until timestamptz NOT NULL DEFAULT 'infinity',
    ADD PRIMARY KEY (client_id, platform, day, told_at);

COMMENT ON TABLE unreadable_posts IS 'how many posts the listings of a day held that could not be read, from told_at up to until';

ALTER TABLE insta_post ADD COLUMN absent tstzmultirange;
ALTER TABLE tiktok_post
    ADD COLUMN absent tstzmultirange,
    ADD COLUMN account text;

COMMENT ON COLUMN insta_post.absent IS 'when it counted as deleted, before a listing showed it again';
COMMENT ON COLUMN tiktok_post.absent IS 'when it counted as deleted, before a listing showed it again';
COMMENT ON COLUMN tiktok_post.account IS 'the client''s when the post was first read: part of its address';

UPDATE tiktok_post
SET account = clients.client_tiktok
FROM clients
WHERE clients.client_id = tiktok_post.client_id;

CREATE FUNCTION keep_absence_of_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.deleted_at < cicero_now() THEN
        NEW.absent := COALESCE(OLD.absent, '{}') + tstzmultirange(tstzrange(OLD.deleted_at, cicero_now()));
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER insta_post_is_back
    BEFORE UPDATE OF deleted_at ON insta_post
    FOR EACH ROW WHEN (OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL) EXECUTE FUNCTION keep_absence_of_post();

CREATE TRIGGER tiktok_post_is_back
    BEFORE UPDATE OF deleted_at ON tiktok_post
    FOR EACH ROW WHEN (OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL) EXECUTE FUNCTION keep_absence_of_post();

CREATE FUNCTION set_account_of_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.account := COALESCE(NEW.account, (SELECT client_tiktok FROM clients WHERE client_id = NEW.client_id));
    RETURN NEW;
END
$$;

CREATE TRIGGER tiktok_post_gets_account
    BEFORE INSERT ON tiktok_post
    FOR EACH ROW EXECUTE FUNCTION set_account_of_post();

CREATE OR REPLACE VIEW post AS
SELECT 'insta' AS platform, post_id, client_id, post_key, published_at, caption, kind, thumbnail_url, like_count,
    comment_count, share_count, view_count, like_count AS shown_count, listed, total, fetched_at, fetched_count,
    first_seen_at, deleted_at, day, excluded_at, is_counted, absent, NULL::text AS account
FROM insta_post
UNION ALL
SELECT 'tiktok', post_id, client_id, post_key, published_at, caption, kind, thumbnail_url, like_count,
    comment_count, share_count, view_count, comment_count, listed, total, fetched_at, fetched_count,
    first_seen_at, deleted_at, day, excluded_at, is_counted, absent, account
FROM tiktok_post;

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
