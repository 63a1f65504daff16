-- migrate:up

-- Twenty thousand people come, and go again, in seconds.

CREATE INDEX user_by_insta ON "user" (insta);
CREATE INDEX user_by_tiktok ON "user" (tiktok);

-- As before, by an index.
CREATE OR REPLACE FUNCTION give_handle_back(of_client text, on_platform text, handle text, by_user text) RETURNS void
LANGUAGE sql AS $$
    SELECT take_handle(of_client, on_platform, handle, user_id)
    FROM (
        SELECT user_id, status
        FROM "user"
        WHERE on_platform = 'insta' AND insta = handle AND client_id = of_client
        UNION ALL
        SELECT user_id, status
        FROM "user"
        WHERE on_platform = 'tiktok' AND tiktok = handle AND client_id = of_client
        ORDER BY status DESC, user_id
    ) AS holder
    WHERE user_id <> by_user
    LIMIT 1
$$;

-- An INSERT with ON CONFLICT DO UPDATE counts as an update, of nothing too.
CREATE OR REPLACE FUNCTION mark_days_of_handles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM past) THEN
        PERFORM mark_all_days(ARRAY(SELECT DISTINCT client_id FROM past));
    END IF;
    RETURN NULL;
END
$$;

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
