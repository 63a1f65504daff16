-- name: add_complaint
-- One complaint; the same one that is still open is kept as it is, but for the handle told last.
INSERT INTO complaint (client_id, user_id, platform, username, issue, filed_by, filed_at)
VALUES (%(client_id)s, %(user_id)s, %(platform)s, %(username)s, %(issue)s, %(filed_by)s, %(now)s)
ON CONFLICT (user_id, client_id, platform, md5(issue)) WHERE closed_at IS NULL DO UPDATE
SET username = COALESCE(EXCLUDED.username, complaint.username)
RETURNING complaint_id, client_id, user_id, platform, username, issue, filed_by, filed_at, closed_at;

-- name: list_complaints
-- Those about the posts of these clients (null: of all), with who complains, the newest first.
SELECT complaint_id, complaint.client_id, complaint.user_id, "user".nama, platform, username, issue, filed_by, filed_at,
    closed_at, timezone
FROM complaint
JOIN "user" USING (user_id)
JOIN clients ON clients.client_id = complaint.client_id
WHERE complaint.client_id = ANY (COALESCE(%(client_ids)s::text[], ARRAY(SELECT client_id FROM clients)))
ORDER BY filed_at DESC, complaint_id DESC
LIMIT %(limit)s;
