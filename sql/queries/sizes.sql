-- name: list_table_sizes
-- Every table with its indexes, the largest first, and what is known of its size on the first of the last days that was kept.
SELECT relname AS name, GREATEST(reltuples, 0)::bigint AS rows, pg_total_relation_size(pg_class.oid) AS bytes,
    past.day AS day_then, past.bytes AS bytes_then
FROM pg_class
LEFT JOIN LATERAL (
    SELECT day, bytes
    FROM table_size
    WHERE table_name = relname AND day >= %(since)s AND day < %(day)s
    ORDER BY day
    LIMIT 1
) AS past ON true
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
ORDER BY bytes DESC, name;

-- name: read_database_size
-- The whole database, what belongs to no table of ours included.
SELECT pg_database_size(current_database());

-- name: save_table_sizes
-- How large everything is on this day; the first time of a day stands. What is older than 400 days goes.
WITH past AS (
    DELETE FROM table_size
    WHERE day < %(day)s::date - 400
)
INSERT INTO table_size (day, table_name, bytes)
SELECT %(day)s, relname, pg_total_relation_size(oid)
FROM pg_class
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
ON CONFLICT DO NOTHING;
