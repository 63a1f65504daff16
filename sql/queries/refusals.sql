-- name: count_refusal
-- One more of this kind in this hour; gives how many there were, this one included.
INSERT INTO refusals AS known (hour, kind, refused)
VALUES (date_trunc('hour', %(now)s::timestamptz), %(kind)s, 1)
ON CONFLICT (hour, kind) DO UPDATE
SET refused = known.refused + 1
RETURNING refused;

-- name: remove_old_refusals
-- Hours that nobody asks about any more.
DELETE FROM refusals
WHERE hour < %(now)s::timestamptz - interval '180 days';

-- name: sum_refusals
-- How many of each kind there were since then.
SELECT kind, sum(refused)::bigint
FROM refusals
WHERE hour >= date_trunc('hour', %(since)s::timestamptz)
GROUP BY kind
ORDER BY kind;
