-- migrate:up

-- Days that were counted before there was a history know nothing of former handles.
SELECT mark_all_days(ARRAY(SELECT client_id FROM clients));

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
