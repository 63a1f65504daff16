-- migrate:up

ALTER TABLE clients ADD COLUMN posts_until text CHECK (posts_until ~ '^(1[2-9]|2[0-3]):[0-5][0-9]$');
ALTER TABLE client_history ADD COLUMN posts_until text;
COMMENT ON COLUMN clients.posts_until IS 'what is published after this minute of the local day belongs to the next one (docs/adr/0032); null: none does';

CREATE OR REPLACE FUNCTION client_facts(of_client clients) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT jsonb_build_object(
        'nama', of_client.nama, 'timezone', of_client.timezone, 'threshold', of_client.threshold,
        'status', of_client.client_status, 'under', of_client.under, 'audience', of_client.audience,
        'audience_divisi', of_client.audience_divisi, 'days_off', of_client.days_off, 'posts_until', of_client.posts_until
    )
$$;

CREATE FUNCTION day_of_post(of_client text, published_at timestamptz, in_zone text) RETURNS date
    LANGUAGE sql STABLE
    AS $$
    SELECT local.at::date + COALESCE(to_char(local.at, 'HH24:MI') > rule.posts_until, false)::int
    FROM (SELECT published_at AT TIME ZONE in_zone AS at) AS local
    LEFT JOIN client_history AS rule
        ON rule.client_id = of_client
        AND rule.known_until = 'infinity'
        AND rule.valid_from <= local.at::date
        AND rule.valid_until > local.at::date
$$;

COMMENT ON FUNCTION day_of_post(of_client text, published_at timestamptz, in_zone text) IS 'the local day of publication, or the next one where the rule of that day says so';

CREATE OR REPLACE FUNCTION set_day_of_post() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.day := day_of_post(
        NEW.client_id, NEW.published_at, (SELECT timezone FROM clients WHERE client_id = NEW.client_id)
    );
    RETURN NEW;
END
$$;

COMMENT ON COLUMN insta_post.day IS 'the client''s local day of publication or the next, by the zone and the posts_until in force when the post was read';

CREATE TABLE former_post_day (
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    platform text NOT NULL CHECK (platform IN ('insta', 'tiktok')),
    post_id bigint NOT NULL,
    day date NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (client_id, platform, post_id, until)
);

COMMENT ON TABLE former_post_day IS 'the day that a post had up to a moment at which somebody changed posts_until for past days: for --as-of';

CREATE FUNCTION post_day_at(of_client text, on_platform text, of_post bigint, present date, at_moment timestamptz) RETURNS date
    LANGUAGE sql STABLE
    AS $$
    SELECT COALESCE(
        (
            SELECT day
            FROM former_post_day
            WHERE client_id = of_client AND platform = on_platform AND post_id = of_post AND until > at_moment
            ORDER BY until
            LIMIT 1
        ),
        present
    )
$$;

COMMENT ON FUNCTION post_day_at(of_client text, on_platform text, of_post bigint, present date, at_moment timestamptz) IS 'the day that a post had at a moment, which is at most one away from the one that it has now';

-- Another rule for past days: their posts get the days that it says, and keep which they had.
CREATE FUNCTION redate_posts(of_client text, from_day date) RETURNS void
    LANGUAGE sql
    AS $$
    WITH moved AS MATERIALIZED (
        SELECT post.platform, post.post_id, post.day AS was, day_of_post(of_client, post.published_at, rule.timezone) AS day
        FROM post
        JOIN client_history AS rule
            ON rule.client_id = post.client_id
            AND rule.known_until = 'infinity'
            AND rule.valid_from <= post.day
            AND rule.valid_until > post.day
        WHERE post.client_id = of_client
            AND post.day >= from_day
            AND (post.published_at AT TIME ZONE rule.timezone)::date >= from_day
    ),
    kept AS (
        INSERT INTO former_post_day (client_id, platform, post_id, day, until)
        SELECT of_client, platform, post_id, was, cicero_now()
        FROM moved
        WHERE was <> day
        ON CONFLICT (client_id, platform, post_id, until) DO NOTHING
    ),
    insta AS (
        UPDATE insta_post
        SET day = moved.day
        FROM moved
        WHERE moved.platform = 'insta' AND insta_post.post_id = moved.post_id AND moved.was <> moved.day
    )
    UPDATE tiktok_post
    SET day = moved.day
    FROM moved
    WHERE moved.platform = 'tiktok' AND tiktok_post.post_id = moved.post_id AND moved.was <> moved.day
$$;

DROP TRIGGER insta_post_moved ON insta_post;
DROP TRIGGER tiktok_post_moved ON tiktok_post;

CREATE TRIGGER insta_post_moved
    AFTER UPDATE OF deleted_at, excluded_at, published_at, day ON insta_post
    FOR EACH ROW
    WHEN (
        (OLD.deleted_at, OLD.excluded_at, OLD.published_at, OLD.day)
        IS DISTINCT FROM (NEW.deleted_at, NEW.excluded_at, NEW.published_at, NEW.day)
    )
    EXECUTE FUNCTION mark_days_of_post('insta');

CREATE TRIGGER tiktok_post_moved
    AFTER UPDATE OF deleted_at, excluded_at, published_at, day ON tiktok_post
    FOR EACH ROW
    WHEN (
        (OLD.deleted_at, OLD.excluded_at, OLD.published_at, OLD.day)
        IS DISTINCT FROM (NEW.deleted_at, NEW.excluded_at, NEW.published_at, NEW.day)
    )
    EXECUTE FUNCTION mark_days_of_post('tiktok');

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
