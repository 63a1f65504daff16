-- name: add_complaint
-- One complaint; the same one that is not closed yet is kept as it is, but for the handle told last.
INSERT INTO complaint (client_id, user_id, platform, day, username, issue, via, filed_by, filed_at, figures)
VALUES (
    %(client_id)s, %(user_id)s, %(platform)s, %(day)s, %(username)s, %(issue)s, %(via)s, %(filed_by)s, %(now)s, %(figures)s
)
ON CONFLICT (user_id, client_id, platform, day, md5(issue)) WHERE closed_at IS NULL DO UPDATE
SET username = COALESCE(EXCLUDED.username, complaint.username)
RETURNING complaint_id, client_id, user_id, platform, day, username, issue, via, filed_by, filed_at, status, proved_at,
    proof, closed_at, closed_by, answer, figures;

-- name: list_complaints
-- Those about the posts of these clients (null: of all) in these states (null: in all), with who complains, the newest first.
SELECT complaint_id, complaint.client_id, complaint.user_id, "user".nama, platform, day, username, issue, via, filed_by,
    filed_at, complaint.status, proved_at, proof, closed_at, closed_by, answer, figures, timezone
FROM complaint
JOIN "user" USING (user_id)
JOIN clients ON clients.client_id = complaint.client_id
WHERE complaint.client_id = ANY (COALESCE(%(client_ids)s::text[], ARRAY(SELECT client_id FROM clients)))
    AND (%(statuses)s::text[] IS NULL OR complaint.status = ANY (%(statuses)s))
ORDER BY filed_at DESC, complaint_id DESC
LIMIT %(limit)s;

-- name: get_complaint
-- One complaint, with all that is kept of it.
SELECT complaint_id, client_id, user_id, platform, day, username, issue, via, filed_by, filed_at, status, proved_at,
    proof, closed_at, closed_by, answer, figures
FROM complaint
WHERE complaint_id = %(complaint_id)s;

-- name: close_complaint
-- It is done with, and what was said to it; one that is closed keeps its answer.
UPDATE complaint
SET closed_at = %(now)s, closed_by = %(closed_by)s, answer = %(answer)s
WHERE complaint_id = %(complaint_id)s
    AND closed_at IS NULL
RETURNING complaint_id, client_id, user_id, platform, day, username, issue, via, filed_by, filed_at, status, proved_at,
    proof, closed_at, closed_by, answer, figures;

-- name: find_message_about_complaint
-- The first message that told of the proof.
SELECT message_id
FROM outbox
WHERE dedupe_key = %(dedupe_key)s;

-- name: find_open_complaint
-- Whether any complaint about these clients' posts waits for a proof.
SELECT
FROM complaint
WHERE status = 'open'
    AND client_id = ANY (%(client_ids)s)
LIMIT 1;

-- name: prove_complaints
-- Open complaints of which a reading shows by now what their figures lack: a post that counted as not done and is done, as the
-- day's count would have it. A comment made after the complaint proves nothing; of a like nobody knows when it was made. Each
-- client's handles and each post are read once, however many complain of them.
WITH lacking AS MATERIALIZED (
    SELECT complaint.complaint_id, complaint.client_id, complaint.user_id, complaint.filed_at, post.platform, post.post_id,
        post.post_key
    FROM complaint
    CROSS JOIN LATERAL jsonb_each(figures) AS part (platform, figures)
    CROSS JOIN LATERAL jsonb_to_recordset(part.figures -> 'posts') AS then_seen (id text, seen_at text, accepted text)
    JOIN post
        ON post.client_id = complaint.client_id
        AND post.platform = part.platform
        AND post.post_key = then_seen.id
    WHERE complaint.status = 'open'
        AND complaint.client_id = ANY (%(client_ids)s)
        AND part.figures ->> 'status' IS NOT NULL -- who was not expected had nothing to do
        AND then_seen.seen_at IS NULL
        AND then_seen.accepted IS NULL
        AND post.is_counted
),
owner AS MATERIALIZED (
    SELECT place.client_id, place.platform, owner.username, owner.user_id, owner.owned_from, owner.owned_until
    FROM (SELECT DISTINCT client_id, platform FROM lacking) AS place
    CROSS JOIN LATERAL audience_owners(place.client_id, place.platform, 'infinity') AS owner
    WHERE owner.user_id IN (SELECT user_id FROM lacking)
),
handle AS MATERIALIZED (
    SELECT client_id, platform, array_agg(DISTINCT username) AS usernames
    FROM owner
    GROUP BY client_id, platform
),
seen AS MATERIALIZED (
    SELECT place.client_id, place.platform, place.post_id, seen.username, seen.engaged_at, seen.first_seen_at
    FROM (
        SELECT DISTINCT client_id, platform, post_id, usernames
        FROM lacking
        JOIN handle USING (client_id, platform)
    ) AS place
    CROSS JOIN LATERAL (
        SELECT username, engaged_at, first_seen_at
        FROM engagement_at
        WHERE engagement_at.platform = place.platform
            AND engagement_at.client_id = place.client_id
            AND engagement_at.post_id = place.post_id
            AND username = ANY (place.usernames)
        OFFSET 0
    ) AS seen
),
shown AS (
    SELECT DISTINCT ON (lacking.complaint_id, lacking.platform, lacking.post_id)
        lacking.complaint_id, lacking.platform, lacking.post_id, lacking.post_key, seen.first_seen_at, seen.username
    FROM lacking
    JOIN seen USING (client_id, platform, post_id)
    JOIN owner
        ON owner.client_id = lacking.client_id
        AND owner.platform = lacking.platform
        AND owner.user_id = lacking.user_id
        AND owner.username = seen.username
        AND owner.owned_from <= seen.engaged_at
        AND owner.owned_until > seen.engaged_at
    WHERE seen.engaged_at <= lacking.filed_at OR seen.engaged_at = seen.first_seen_at
    ORDER BY lacking.complaint_id, lacking.platform, lacking.post_id, seen.first_seen_at
),
proof AS (
    SELECT complaint_id,
        jsonb_agg(
            jsonb_build_object('platform', platform, 'id', post_key, 'seen_at', first_seen_at, 'seen_as', username)
            ORDER BY platform, post_id
        ) AS posts
    FROM shown
    GROUP BY complaint_id
)
UPDATE complaint
SET proved_at = %(now)s, proof = proof.posts
FROM proof
WHERE complaint.complaint_id = proof.complaint_id
    AND complaint.status = 'open'
RETURNING complaint.complaint_id, client_id, user_id, platform, day, username, issue, via, filed_by, filed_at, status,
    proved_at, proof, closed_at, closed_by, answer, figures;
