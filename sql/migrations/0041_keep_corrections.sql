-- migrate:up

-- What no list can prove is decided by a person: a post that counts for one user, or for nobody (docs/adr/0028).
CREATE TABLE correction (
    correction_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    platform text NOT NULL CHECK (platform IN ('insta', 'tiktok')),
    post_id bigint NOT NULL,
    user_id text,
    reason text NOT NULL CHECK (reason <> ''),
    made_at timestamptz NOT NULL DEFAULT cicero_now(),
    made_by text NOT NULL,
    ended_at timestamptz,
    ended_by text,
    CHECK (ended_at >= made_at)
);

CREATE INDEX correction_by_post ON correction (client_id, platform, post_id);
CREATE UNIQUE INDEX correction_in_force ON correction (client_id, platform, post_id, COALESCE(user_id, '')) WHERE ended_at IS NULL;
CREATE INDEX correction_by_user ON correction (user_id) WHERE user_id IS NOT NULL;

COMMENT ON TABLE correction IS 'decided by a person, from made_at up to ended_at: the post counts as done for this user, or is out';
COMMENT ON COLUMN correction.user_id IS 'for whom the post counts as done; null: the post is out, for everybody';

ALTER TABLE insta_post
    ADD COLUMN excluded_at timestamptz,
    ADD COLUMN is_counted boolean NOT NULL GENERATED ALWAYS AS (deleted_at IS NULL AND excluded_at IS NULL) STORED;
ALTER TABLE tiktok_post
    ADD COLUMN excluded_at timestamptz,
    ADD COLUMN is_counted boolean NOT NULL GENERATED ALWAYS AS (deleted_at IS NULL AND excluded_at IS NULL) STORED;

COMMENT ON COLUMN insta_post.excluded_at IS 'since when it is out by a correction, whose trigger writes it; null: it is not';
COMMENT ON COLUMN insta_post.is_counted IS 'whether reports ask for it now: not deleted, not excluded';

CREATE OR REPLACE VIEW post AS
SELECT 'insta' AS platform, post_id, client_id, post_key, published_at, caption, kind, thumbnail_url, like_count,
    comment_count, share_count, view_count, like_count AS shown_count, listed, total, fetched_at, fetched_count,
    first_seen_at, deleted_at, day, excluded_at, is_counted
FROM insta_post
UNION ALL
SELECT 'tiktok', post_id, client_id, post_key, published_at, caption, kind, thumbnail_url, like_count,
    comment_count, share_count, view_count, comment_count, listed, total, fetched_at, fetched_count,
    first_seen_at, deleted_at, day, excluded_at, is_counted
FROM tiktok_post;

DROP TRIGGER insta_post_moved ON insta_post;
DROP TRIGGER tiktok_post_moved ON tiktok_post;

CREATE TRIGGER insta_post_moved
    AFTER UPDATE OF deleted_at, excluded_at, published_at ON insta_post
    FOR EACH ROW
    WHEN ((OLD.deleted_at, OLD.excluded_at, OLD.published_at) IS DISTINCT FROM (NEW.deleted_at, NEW.excluded_at, NEW.published_at))
    EXECUTE FUNCTION mark_days_of_post('insta');

CREATE TRIGGER tiktok_post_moved
    AFTER UPDATE OF deleted_at, excluded_at, published_at ON tiktok_post
    FOR EACH ROW
    WHEN ((OLD.deleted_at, OLD.excluded_at, OLD.published_at) IS DISTINCT FROM (NEW.deleted_at, NEW.excluded_at, NEW.published_at))
    EXECUTE FUNCTION mark_days_of_post('tiktok');

CREATE FUNCTION apply_correction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    made correction := COALESCE(NEW, OLD);
    since timestamptz;
BEGIN
    IF made.user_id IS NULL THEN
        SELECT made_at INTO since
        FROM correction
        WHERE client_id = made.client_id AND platform = made.platform AND post_id = made.post_id
            AND user_id IS NULL AND ended_at IS NULL;
        UPDATE insta_post SET excluded_at = since WHERE made.platform = 'insta' AND post_id = made.post_id;
        UPDATE tiktok_post SET excluded_at = since WHERE made.platform = 'tiktok' AND post_id = made.post_id;
    ELSE
        INSERT INTO stale_day (client_id, platform, day)
        SELECT client_id, platform, day
        FROM post
        WHERE platform = made.platform AND post_id = made.post_id
        ON CONFLICT (client_id, platform, day) DO UPDATE SET marked_at = now();
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER correction_applies
    AFTER INSERT OR UPDATE OR DELETE ON correction
    FOR EACH ROW EXECUTE FUNCTION apply_correction();

CREATE CONSTRAINT TRIGGER correction_changes_data_version
    AFTER INSERT OR UPDATE OR DELETE ON correction DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION note_change();

CREATE FUNCTION take_corrections_along() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE correction SET user_id = NEW.user_id WHERE user_id = OLD.user_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER user_takes_corrections_along
    AFTER UPDATE OF user_id ON "user"
    FOR EACH ROW WHEN (OLD.user_id <> NEW.user_id) EXECUTE FUNCTION take_corrections_along();

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
