-- migrate:up

CREATE FUNCTION local_time(moment timestamptz, zone text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT (to_json(moment AT TIME ZONE zone) #>> '{}')
        || to_char((moment AT TIME ZONE zone) - (moment AT TIME ZONE 'UTC'), '"+"HH24:MI')
$$;

COMMENT ON FUNCTION local_time IS 'ISO 8601 with the offset of a zone east of Greenwich, such as 2026-11-25T21:00:00+07:00';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
