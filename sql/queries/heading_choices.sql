-- name: list_heading_choices
-- What the columns of a client's sheets were said to mean; of no client: those of sheets of clients.
SELECT heading, field
FROM heading_choice
WHERE client_id IS NOT DISTINCT FROM %(client_id)s::text
ORDER BY heading;

-- name: save_heading_choice
-- What a column means from now on.
INSERT INTO heading_choice (client_id, heading, field)
VALUES (%(client_id)s, %(heading)s, %(field)s)
ON CONFLICT (client_id, heading) DO UPDATE
SET field = excluded.field;

-- name: forget_heading_choice
-- Leaves the heading to what can be told from it.
DELETE FROM heading_choice
WHERE client_id IS NOT DISTINCT FROM %(client_id)s::text AND heading = %(heading)s;
