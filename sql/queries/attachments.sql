-- name: store_attachments
-- The bytes of files, each content once; with the time, so that what is queued again is not pruned meanwhile.
INSERT INTO attachment (sha256, content, kept_at)
SELECT sha256, content, %(now)s
FROM unnest(%(sha256s)s::text[], %(contents)s::bytea[]) AS new (sha256, content)
ORDER BY sha256
ON CONFLICT (sha256) DO UPDATE SET kept_at = EXCLUDED.kept_at;

-- name: read_attachment
-- The bytes of one file.
SELECT content
FROM attachment
WHERE sha256 = %(sha256)s;
