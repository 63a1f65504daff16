-- name: find_comment_habit
-- What was learnt of a host's comments.
SELECT comment_order, page_size
FROM comment_habit
WHERE host = %(host)s;

-- name: keep_comment_habit
-- What a run has learnt, where that is new.
INSERT INTO comment_habit AS known (host, comment_order, page_size, learnt_at)
SELECT %(host)s, %(comment_order)s::text, %(page_size)s::integer, %(now)s
WHERE num_nonnulls(%(comment_order)s::text, %(page_size)s::integer) > 0
ON CONFLICT (host) DO UPDATE
SET comment_order = EXCLUDED.comment_order,
    page_size = EXCLUDED.page_size,
    learnt_at = EXCLUDED.learnt_at
WHERE (known.comment_order, known.page_size) IS DISTINCT FROM (EXCLUDED.comment_order, EXCLUDED.page_size);
