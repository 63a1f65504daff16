-- name: add_complaint
-- One complaint; the same one that is still open is kept as it is, but for the handle told last.
INSERT INTO complaint (client_id, user_id, platform, username, issue, filed_by, filed_at)
VALUES (%(client_id)s, %(user_id)s, %(platform)s, %(username)s, %(issue)s, %(filed_by)s, %(now)s)
ON CONFLICT (user_id, client_id, platform, md5(issue)) WHERE closed_at IS NULL DO UPDATE
SET username = COALESCE(EXCLUDED.username, complaint.username)
RETURNING complaint_id, client_id, user_id, platform, username, issue, filed_by, filed_at, closed_at;
