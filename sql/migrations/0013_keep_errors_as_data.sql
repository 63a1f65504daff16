-- migrate:up

-- A sentence is kept as its template and parameters, so that it can be shown in any language (docs/adr/0014). What was
-- kept before stays a plain text.
ALTER TABLE runs
    ALTER COLUMN error TYPE jsonb USING to_jsonb(error),
    ADD COLUMN error_code text;

ALTER TABLE gateway_state
    ALTER COLUMN pause_hint TYPE jsonb USING to_jsonb(pause_hint);

COMMENT ON COLUMN runs.error IS 'of the first thing that failed: {text, params}; a plain text of cicero before 0013';
COMMENT ON COLUMN runs.error_code IS 'its stable word, for scripts and the page';

-- migrate:down
