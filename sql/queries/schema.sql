-- name: find_schema_table
-- Whether dbmate has ever run on this database.
SELECT to_regclass('schema_migrations') IS NOT NULL;

-- name: list_applied_migrations
-- The migrations that this database has, oldest first.
SELECT version
FROM schema_migrations
ORDER BY version;

-- name: lock_migrations
-- Keeps two migration runs apart; freed with the connection, so a killed run leaves nothing behind.
SELECT pg_advisory_lock(hashtextextended('cicero:migrations', 0));

-- name: unlock_migrations
-- The other half of lock_migrations.
SELECT pg_advisory_unlock(hashtextextended('cicero:migrations', 0));

-- name: count_dbmate_sessions
-- The sessions of dbmate in this database, of this run's predecessors while it has not started its own.
SELECT count(*)
FROM pg_stat_activity
WHERE datname = current_database()
  AND application_name = %(name)s;

-- name: find_own_session
-- What the server itself calls this session.
SELECT pg_backend_pid();

-- name: find_schema_rights
-- Where tables would be made, and whether this user may.
SELECT current_schema(), COALESCE(has_schema_privilege(current_schema(), 'CREATE'), false);

-- name: has_tables
-- Whether the database holds any table of ours or of anybody's.
SELECT EXISTS (
    SELECT FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
);

-- name: find_database
-- Whether the server has a database of this name.
SELECT datname FROM pg_database WHERE datname = %(name)s;
