-- migrate:up

CREATE TABLE insta_post (
    post_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    post_key text NOT NULL,
    published_at timestamptz NOT NULL,
    caption text NOT NULL DEFAULT '',
    kind text NOT NULL DEFAULT 'image',
    thumbnail_url text,
    collaborators text[] NOT NULL DEFAULT '{}',
    like_count bigint,
    comment_count bigint,
    share_count bigint,
    view_count bigint,
    listed integer NOT NULL DEFAULT 0,
    total bigint,
    fetched_at timestamptz,
    fetched_count bigint,
    first_seen_at timestamptz NOT NULL,
    deleted_at timestamptz,
    -- a collab post counts for every client on whose account it appears
    UNIQUE (client_id, post_key)
);

COMMENT ON COLUMN insta_post.post_key IS 'the shortcode';
COMMENT ON COLUMN insta_post.total IS 'how many likes the upstream counts; null when the account hides it';
COMMENT ON COLUMN insta_post.listed IS 'how many likers the upstream named when they were last fetched';
COMMENT ON COLUMN insta_post.fetched_count IS 'the count that the listing showed at that fetch: unchanged means nothing to fetch';

CREATE INDEX insta_post_by_client_and_time ON insta_post (client_id, published_at);

-- No foreign key: it would cost each like as much again as writing it. What removes a post removes its likes in the
-- same statement (docs/adr/0003).
CREATE TABLE insta_like (
    post_id bigint NOT NULL,
    username text NOT NULL,
    first_seen_at timestamptz NOT NULL,
    PRIMARY KEY (post_id, username)
);

CREATE TABLE tiktok_post (LIKE insta_post INCLUDING ALL EXCLUDING COMMENTS);
ALTER TABLE tiktok_post
    ADD FOREIGN KEY (client_id) REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE;

COMMENT ON COLUMN tiktok_post.post_key IS 'the video id';
COMMENT ON COLUMN tiktok_post.total IS 'how many comments the upstream counts, replies among them';
COMMENT ON COLUMN tiktok_post.listed IS 'how many comments the upstream listed when they were last fetched';

CREATE TABLE tiktok_comment (
    post_id bigint NOT NULL,
    comment_id text NOT NULL,
    username text NOT NULL,
    text text NOT NULL,
    created_at timestamptz NOT NULL,
    first_seen_at timestamptz NOT NULL,
    PRIMARY KEY (post_id, comment_id)
);

CREATE INDEX tiktok_comment_by_post_and_username ON tiktok_comment (post_id, username);

-- What each reading of a post's people showed: so that a report as of a past moment says the same whenever it is asked.
CREATE TABLE reading (
    platform text NOT NULL CHECK (platform IN ('insta', 'tiktok')),
    post_id bigint NOT NULL,
    fetched_at timestamptz NOT NULL,
    listed integer NOT NULL,
    total bigint,
    PRIMARY KEY (platform, post_id, fetched_at)
);

-- Whether a day's posts are known at all: a day without posts and a day that was never listed are not the same.
CREATE TABLE listed_day (
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    platform text NOT NULL CHECK (platform IN ('insta', 'tiktok')),
    day date NOT NULL,
    first_listed_at timestamptz NOT NULL,
    PRIMARY KEY (client_id, platform, day)
);

-- What reports read. Counting 10,000 likes for every client and day takes 10 ms, reading the counts 1 ms
-- (docs/adr/0003). A day is counted anew when it is in stale_day, which triggers fill, so that no writer can forget it.
CREATE TABLE done_by_day (
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    platform text NOT NULL CHECK (platform IN ('insta', 'tiktok')),
    day date NOT NULL,
    user_id text NOT NULL REFERENCES "user" ON UPDATE CASCADE ON DELETE CASCADE,
    posts integer NOT NULL,
    PRIMARY KEY (client_id, platform, day, user_id)
);

CREATE INDEX done_by_day_by_user ON done_by_day (user_id);

COMMENT ON TABLE done_by_day IS
    'derived: how many of the client''s posts of its local day this user''s handle has liked or commented on; none: no row';

CREATE TABLE stale_day (
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    platform text NOT NULL CHECK (platform IN ('insta', 'tiktok')),
    day date NOT NULL,
    marked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, platform, day)
);

COMMENT ON TABLE stale_day IS 'days whose rows in done_by_day no longer tell the truth';

-- A mark that is there already is written again: the lock makes a count that is under way wait for this transaction.
-- The client's row is locked first: while its time zone changes nobody can say which day to mark.
CREATE FUNCTION mark_days_of_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_ARGV[0] = 'insta' THEN
        PERFORM FROM clients
        WHERE client_id IN (SELECT client_id FROM insta_post WHERE post_id IN (SELECT post_id FROM added))
        ORDER BY client_id
        FOR SHARE;
        INSERT INTO stale_day (client_id, platform, day)
        SELECT DISTINCT post.client_id, 'insta', (post.published_at AT TIME ZONE clients.timezone)::date
        FROM (SELECT DISTINCT post_id FROM added) AS touched
        JOIN insta_post AS post USING (post_id)
        JOIN clients USING (client_id)
        ON CONFLICT (client_id, platform, day) DO UPDATE SET marked_at = now();
    ELSE
        PERFORM FROM clients
        WHERE client_id IN (SELECT client_id FROM tiktok_post WHERE post_id IN (SELECT post_id FROM added))
        ORDER BY client_id
        FOR SHARE;
        INSERT INTO stale_day (client_id, platform, day)
        SELECT DISTINCT post.client_id, 'tiktok', (post.published_at AT TIME ZONE clients.timezone)::date
        FROM (SELECT DISTINCT post_id FROM added) AS touched
        JOIN tiktok_post AS post USING (post_id)
        JOIN clients USING (client_id)
        ON CONFLICT (client_id, platform, day) DO UPDATE SET marked_at = now();
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER insta_like_added
    AFTER INSERT ON insta_like REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_added('insta');

CREATE TRIGGER tiktok_comment_added
    AFTER INSERT ON tiktok_comment REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_added('tiktok');

CREATE FUNCTION mark_days_of_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM clients WHERE client_id = NEW.client_id FOR SHARE;
    INSERT INTO stale_day (client_id, platform, day)
    SELECT DISTINCT clients.client_id, TG_ARGV[0], (moment.published_at AT TIME ZONE clients.timezone)::date
    FROM (VALUES (OLD.published_at), (NEW.published_at)) AS moment (published_at)
    JOIN clients ON clients.client_id = NEW.client_id
    ON CONFLICT (client_id, platform, day) DO UPDATE SET marked_at = now();
    RETURN NULL;
END
$$;

CREATE TRIGGER insta_post_moved
    AFTER UPDATE OF deleted_at, published_at ON insta_post
    FOR EACH ROW
    WHEN (OLD.deleted_at IS DISTINCT FROM NEW.deleted_at OR OLD.published_at <> NEW.published_at)
    EXECUTE FUNCTION mark_days_of_post('insta');

CREATE TRIGGER tiktok_post_moved
    AFTER UPDATE OF deleted_at, published_at ON tiktok_post
    FOR EACH ROW
    WHEN (OLD.deleted_at IS DISTINCT FROM NEW.deleted_at OR OLD.published_at <> NEW.published_at)
    EXECUTE FUNCTION mark_days_of_post('tiktok');

CREATE FUNCTION mark_all_days(of_clients text[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO stale_day (client_id, platform, day)
    SELECT clients.client_id, 'insta', (published_at AT TIME ZONE clients.timezone)::date
    FROM clients
    JOIN insta_post USING (client_id)
    WHERE clients.client_id = ANY (of_clients)
    UNION
    SELECT clients.client_id, 'tiktok', (published_at AT TIME ZONE clients.timezone)::date
    FROM clients
    JOIN tiktok_post USING (client_id)
    WHERE clients.client_id = ANY (of_clients)
    ON CONFLICT (client_id, platform, day) DO UPDATE SET marked_at = now()
$$;

-- Another time zone puts posts into other days: nothing that was counted for this client holds any more.
CREATE FUNCTION mark_days_of_client() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM done_by_day WHERE client_id = NEW.client_id;
    PERFORM mark_all_days(ARRAY[NEW.client_id]);
    RETURN NULL;
END
$$;

CREATE TRIGGER client_timezone_changed
    AFTER UPDATE OF timezone ON clients
    FOR EACH ROW
    WHEN (OLD.timezone <> NEW.timezone)
    EXECUTE FUNCTION mark_days_of_client();

-- Another handle on file is another person among the likers, on every day there is.
CREATE FUNCTION mark_days_of_new_users() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_all_days(ARRAY(SELECT DISTINCT client_id FROM present));
    RETURN NULL;
END
$$;

CREATE TRIGGER user_added
    AFTER INSERT ON "user" REFERENCING NEW TABLE AS present
    FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_new_users();

CREATE FUNCTION mark_days_of_changed_users() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_all_days(
        ARRAY(
            SELECT DISTINCT present.client_id
            FROM present
            JOIN past USING (user_id)
            WHERE (present.client_id, present.insta, present.tiktok)
                IS DISTINCT FROM (past.client_id, past.insta, past.tiktok)
        )
    );
    RETURN NULL;
END
$$;

CREATE TRIGGER user_changed
    AFTER UPDATE ON "user" REFERENCING OLD TABLE AS past NEW TABLE AS present
    FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_changed_users();

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
