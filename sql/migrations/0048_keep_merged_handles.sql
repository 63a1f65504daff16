-- migrate:up

-- a merge gives the twin's spans to the person, from the same moments on; --as-of of before it still tells whose they were
ALTER TABLE user_handle ADD known_from timestamptz;

COMMENT ON COLUMN user_handle.known_from IS 'since when we know it, where that was not when it was taken: by a merge';

CREATE OR REPLACE FUNCTION handle_owners(known_at timestamptz) RETURNS TABLE(client_id text, platform text, username text, user_id text, owned_from timestamptz, owned_until timestamptz)
    LANGUAGE sql STABLE
    AS $$
    SELECT held.client_id, held.platform, held.username, held.user_id,
        CASE WHEN row_number() OVER by_time = 1 THEN '-infinity' ELSE held.since END,
        lead(held.since, 1, 'infinity') OVER by_time
    FROM user_handle AS held
    WHERE COALESCE(held.known_from, held.since) <= known_at AND (held.taken_back_at IS NULL OR held.taken_back_at > known_at)
    WINDOW by_time AS (PARTITION BY held.client_id, held.platform, held.username ORDER BY held.since)
$$;

CREATE OR REPLACE FUNCTION handle_owners(of_clients text[], known_at timestamptz) RETURNS TABLE(client_id text, platform text, username text, user_id text, owned_from timestamptz, owned_until timestamptz)
    LANGUAGE sql STABLE
    AS $$
    SELECT held.client_id, held.platform, held.username, held.user_id,
        CASE WHEN row_number() OVER by_time = 1 THEN '-infinity' ELSE held.since END,
        lead(held.since, 1, 'infinity') OVER by_time
    FROM user_handle AS held
    WHERE held.client_id = ANY (of_clients)
        AND COALESCE(held.known_from, held.since) <= known_at AND (held.taken_back_at IS NULL OR held.taken_back_at > known_at)
    WINDOW by_time AS (PARTITION BY held.client_id, held.platform, held.username ORDER BY held.since)
$$;

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
