-- name: move_messages
-- Messages that went to the twin were the person's.
UPDATE outbox
SET user_id = %(user_id)s
WHERE user_id = %(twin_id)s;

-- name: move_complaints
-- But those that the person has made already.
UPDATE complaint
SET user_id = %(user_id)s
WHERE user_id = %(twin_id)s
    AND NOT EXISTS (
        SELECT
        FROM complaint AS same
        WHERE same.user_id = %(user_id)s
            AND same.client_id = complaint.client_id
            AND same.platform IS NOT DISTINCT FROM complaint.platform
            AND same.day = complaint.day
            AND md5(same.issue) = md5(complaint.issue)
            AND same.closed_at IS NULL
    );

-- name: move_roles
-- Roles of Cicero_V2.
INSERT INTO user_role (user_id, role)
SELECT %(user_id)s, role
FROM user_role
WHERE user_id = %(twin_id)s
ON CONFLICT DO NOTHING;

-- name: move_corrections
-- What was accepted for the twin is accepted for the person, from now on.
WITH ended AS (
    UPDATE correction
    SET ended_at = cicero_now(), ended_by = %(actor)s
    WHERE user_id = %(twin_id)s AND ended_at IS NULL
    RETURNING client_id, platform, post_id, reason
)
INSERT INTO correction (client_id, platform, post_id, user_id, reason, made_by)
SELECT client_id, platform, post_id, %(user_id)s, reason, %(actor)s
FROM ended
ON CONFLICT DO NOTHING;

-- name: move_leave
-- Days of leave that the person does not have yet.
INSERT INTO user_leave (user_id, first_day, last_day, reason, note)
SELECT %(user_id)s, first_day, last_day, reason, note
FROM user_leave AS twins
WHERE user_id = %(twin_id)s
    AND NOT EXISTS (
        SELECT
        FROM user_leave AS own
        WHERE own.user_id = %(user_id)s AND own.first_day <= twins.last_day AND own.last_day >= twins.first_day
    );

-- name: move_assignments
-- The clients that the twin was assigned to.
SELECT assign_user(%(user_id)s, client_id, valid_from, valid_until, true)
FROM user_assignment
WHERE user_id = %(twin_id)s AND known_until = 'infinity';

-- name: end_assignments
-- The twin never was assigned.
SELECT assign_user(%(twin_id)s, client_id, valid_from, valid_until, false)
FROM user_assignment
WHERE user_id = %(twin_id)s AND known_until = 'infinity';

-- name: move_handles
-- When a handle was the twin's, it was the person's, as we know from now on; a microsecond later, for the twin's row keeps the moment.
INSERT INTO user_handle (client_id, platform, username, since, user_id, known_from)
SELECT client_id, platform, username, since + interval '1 microsecond', %(user_id)s, cicero_now()
FROM user_handle
WHERE user_id = %(twin_id)s AND taken_back_at IS NULL;

-- name: take_all_handles_back
-- They never were the twin's.
UPDATE user_handle
SET taken_back_at = cicero_now()
WHERE user_id = %(twin_id)s AND taken_back_at IS NULL;

-- name: take_off_every_day
-- Nobody expects the twin on any day, as we know now; --as-of still sees what was known before.
SELECT patch_user_history(%(twin_id)s, client_id, '-infinity', 'infinity', '{"status": false}')
FROM (
    SELECT DISTINCT client_id
    FROM user_history
    WHERE user_id = %(twin_id)s
) AS client;
