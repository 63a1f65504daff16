-- name: add_audit
-- One line of the audit log.
INSERT INTO audit_log (at, actor, action, subject, client_id, address, details)
VALUES (%(at)s, %(actor)s, %(action)s, %(subject)s, %(client_id)s, %(address)s, %(details)s);

-- name: list_audit
-- The newest lines, of one name or of all, newest first.
SELECT at, actor, action, subject, client_id, address, details
FROM audit_log
WHERE %(name)s::text IS NULL OR actor = %(name)s OR subject = %(name)s
ORDER BY audit_id DESC
LIMIT %(limit)s;
