-- migrate:up

-- As before. A row that was found just now is found again where it lies: twenty thousand rows of one import have the same known_from, by which an index
-- of the client's would find them all.
CREATE OR REPLACE FUNCTION patch_user_history(of_user text, of_client text, from_day date, until_day date, patch jsonb) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off AS $$
DECLARE
    at_now timestamptz := cicero_now();
    found record;
    old user_history;
    new user_history;
BEGIN
    FOR found IN
        SELECT user_history AS facts, ctid AS place
        FROM user_history
        WHERE user_id = of_user AND client_id IS NOT DISTINCT FROM of_client AND NOT isfinite(known_until)
            AND valid_from < until_day AND valid_until > from_day
        ORDER BY valid_from
        FOR UPDATE
    LOOP
        old := found.facts;
        new := jsonb_populate_record(old, patch);
        CONTINUE WHEN new IS NOT DISTINCT FROM old;
        DELETE FROM user_history
        WHERE ctid = found.place AND known_from >= at_now;
        UPDATE user_history
        SET known_until = at_now
        WHERE ctid = found.place;
        INSERT INTO user_history (
            user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, exception, status, leave, never, is_elsewhere,
            is_backdated, valid_from, valid_until, known_from
        )
        SELECT of_user, of_client, (part.facts).nama, (part.facts).title, (part.facts).divisi,
            (part.facts).jabatan, (part.facts).insta, (part.facts).tiktok, (part.facts).exception, (part.facts).status,
            (part.facts).leave, (part.facts).never, (part.facts).is_elsewhere, (part.facts).is_backdated, part.valid_from, part.valid_until, at_now
        FROM (
            VALUES
                (old, old.valid_from, LEAST(old.valid_until, from_day)),
                (new, GREATEST(old.valid_from, from_day), LEAST(old.valid_until, until_day)),
                (old, GREATEST(old.valid_from, until_day), old.valid_until)
        ) AS part (facts, valid_from, valid_until)
        WHERE part.valid_from < part.valid_until;
    END LOOP;
    IF patch ? 'status' AND EXISTS (
        SELECT FROM user_history WHERE user_id = of_user AND client_id <> of_client
    ) THEN
        PERFORM settle_places(of_user);
    END IF;
END
$$;

-- As before, planned for the rows that there are each time: a session that had first changed nobody, as an undo does, compared everybody with everybody.
CREATE OR REPLACE FUNCTION mark_days_of_changed_users() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched text[];
BEGIN
    EXECUTE $query$
        SELECT ARRAY(
            SELECT DISTINCT client.client_id
            FROM present
            JOIN past USING (user_id)
            CROSS JOIN LATERAL (
                SELECT present.client_id
                UNION
                SELECT held.client_id FROM user_handle AS held WHERE held.user_id = present.user_id
            ) AS client
            WHERE (present.client_id, present.insta, present.tiktok, present.status)
                IS DISTINCT FROM (past.client_id, past.insta, past.tiktok, past.status)
        )
    $query$ INTO touched;
    PERFORM mark_all_days(touched);
    RETURN NULL;
END
$$;

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
