-- migrate:up

-- A like of its own row took 138 bytes with its key; the handles that one reading showed first, as an array, take a fifth
-- (docs/adr/0027). What is written and read in one go is one row: who was new on a post at a reading. The keys begin
-- with the client, by whom these tables grow.

DROP VIEW engagement;
DROP VIEW engagement_at;

ALTER TABLE insta_like RENAME TO insta_like_before;
ALTER TABLE insta_like_before DROP CONSTRAINT insta_like_pkey;

CREATE TABLE insta_like (
    client_id text NOT NULL,
    post_id bigint NOT NULL,
    first_seen_at timestamptz NOT NULL,
    usernames text[] NOT NULL CHECK (usernames <> '{}')
);

COMMENT ON TABLE insta_like IS 'who liked a post, by the reading that showed them first; nobody stands in two of one post';

-- sorted once, on disk if it is large, rather than once for each page of an index
SET LOCAL work_mem = '128MB';
SET LOCAL maintenance_work_mem = '256MB';

INSERT INTO insta_like (client_id, post_id, first_seen_at, usernames)
SELECT client_id, post_id, seen.first_seen_at, array_agg(username ORDER BY username)
FROM insta_like_before AS seen
JOIN insta_post USING (post_id)
GROUP BY client_id, post_id, seen.first_seen_at;

DROP TABLE insta_like_before;

ALTER TABLE insta_like
    ADD PRIMARY KEY (client_id, post_id, first_seen_at),
    ADD FOREIGN KEY (client_id) REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE tiktok_comment RENAME TO tiktok_comment_before;
ALTER TABLE tiktok_comment_before DROP CONSTRAINT tiktok_comment_pkey;
DROP INDEX tiktok_comment_by_post_and_username;

CREATE TABLE tiktok_comment (
    client_id text NOT NULL,
    post_id bigint NOT NULL,
    first_seen_at timestamptz NOT NULL,
    usernames text[] NOT NULL CHECK (usernames <> '{}'),
    created_ats timestamptz[] NOT NULL,
    comment_ids text[] NOT NULL,
    CHECK (cardinality(created_ats) = cardinality(usernames) AND cardinality(comment_ids) = cardinality(usernames))
);

CREATE TABLE tiktok_comment_text (
    client_id text NOT NULL,
    post_id bigint NOT NULL,
    first_seen_at timestamptz NOT NULL,
    texts text[] NOT NULL
);

COMMENT ON TABLE tiktok_comment IS
    'comments on a post, by the reading that showed them first: the three arrays go together; no id stands in two readings of one post';
COMMENT ON TABLE tiktok_comment_text IS 'what was written in them, in the same order: apart, for no report reads it';

INSERT INTO tiktok_comment (client_id, post_id, first_seen_at, usernames, created_ats, comment_ids)
SELECT client_id, post_id, seen.first_seen_at,
    array_agg(username ORDER BY comment_id),
    array_agg(created_at ORDER BY comment_id),
    array_agg(comment_id ORDER BY comment_id)
FROM tiktok_comment_before AS seen
JOIN tiktok_post USING (post_id)
GROUP BY client_id, post_id, seen.first_seen_at;

INSERT INTO tiktok_comment_text (client_id, post_id, first_seen_at, texts)
SELECT client_id, post_id, seen.first_seen_at, array_agg(text ORDER BY comment_id)
FROM tiktok_comment_before AS seen
JOIN tiktok_post USING (post_id)
GROUP BY client_id, post_id, seen.first_seen_at;

DROP TABLE tiktok_comment_before;

ALTER TABLE tiktok_comment
    ADD PRIMARY KEY (client_id, post_id, first_seen_at),
    ADD FOREIGN KEY (client_id) REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE tiktok_comment_text
    ADD PRIMARY KEY (client_id, post_id, first_seen_at),
    ADD FOREIGN KEY (client_id, post_id, first_seen_at) REFERENCES tiktok_comment ON UPDATE CASCADE ON DELETE CASCADE;

-- A second writing at the same moment adds to the row that is there.
CREATE TRIGGER insta_like_added
    AFTER INSERT ON insta_like REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_added('insta');

CREATE TRIGGER insta_like_changed
    AFTER UPDATE ON insta_like REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_added('insta');

CREATE TRIGGER tiktok_comment_added
    AFTER INSERT ON tiktok_comment REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_added('tiktok');

CREATE TRIGGER tiktok_comment_changed
    AFTER UPDATE ON tiktok_comment REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_added('tiktok');

CREATE VIEW engagement_at AS
SELECT 'insta' AS platform, client_id, post_id, seen.username, first_seen_at AS engaged_at, first_seen_at
FROM insta_like
CROSS JOIN LATERAL unnest(usernames) AS seen (username)
UNION ALL
SELECT 'tiktok', client_id, post_id, seen.username, seen.created_at, first_seen_at
FROM tiktok_comment
CROSS JOIN LATERAL unnest(usernames, created_ats) AS seen (username, created_at);

COMMENT ON VIEW engagement_at IS
    'every like, and every comment at its own time: whose handle it was then decides for whom it counts';

CREATE VIEW engagement AS
SELECT platform, client_id, post_id, username, min(first_seen_at) AS first_seen_at
FROM engagement_at
GROUP BY platform, client_id, post_id, username;

COMMENT ON VIEW engagement IS 'who liked or commented on a post, however often, and when that was first seen';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
