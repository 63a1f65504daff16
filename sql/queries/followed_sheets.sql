-- name: list_followed_sheets
-- Which clients keep their people in which sheet.
SELECT client_id, link, tab, since
FROM followed_sheet
ORDER BY client_id;

-- name: get_followed_sheet
-- The sheet of one client.
SELECT client_id, link, tab, since
FROM followed_sheet
WHERE client_id = %(client_id)s;

-- name: save_followed_sheet
-- The sheet that a client's people are read from, from now on.
INSERT INTO followed_sheet (client_id, link, tab, since)
VALUES (%(client_id)s, %(link)s, %(tab)s, %(since)s)
ON CONFLICT (client_id) DO UPDATE
SET link = EXCLUDED.link,
    tab = EXCLUDED.tab,
    since = CASE
        WHEN (followed_sheet.link, followed_sheet.tab) IS NOT DISTINCT FROM (EXCLUDED.link, EXCLUDED.tab)
        THEN followed_sheet.since
        ELSE EXCLUDED.since
    END;

-- name: forget_followed_sheet
-- The client's people are no longer read from a sheet.
DELETE FROM followed_sheet
WHERE client_id = %(client_id)s;
