-- name: replace_proposal
-- The open one of this person and platform gives way to another.
UPDATE handle_proposal
SET outcome = 'replaced', settled_at = %(now)s
WHERE user_id = %(user_id)s AND platform = %(platform)s AND outcome IS NULL;

-- name: add_proposal
-- A new one, open.
INSERT INTO handle_proposal (user_id, platform, username, proposed_at)
VALUES (%(user_id)s, %(platform)s, %(username)s, %(now)s)
RETURNING proposal_id;

-- name: list_open_proposals
-- The open ones of these clients' people, or of all, or one alone, the oldest first; with what is on file, and which other active
-- person of the client has the proposed handle.
SELECT proposal.proposal_id, proposal.proposed_at, person.client_id, person.user_id, person.nama, person.title, person.divisi,
    proposal.platform, proposal.username,
    CASE proposal.platform WHEN 'insta' THEN person.insta ELSE person.tiktok END AS on_file,
    (
        SELECT min(holder.nama || ' (' || holder.user_id || ')')
        FROM handle_on_file AS held
        JOIN "user" AS holder ON holder.user_id = held.user_id
        WHERE held.platform = proposal.platform
            AND held.username = proposal.username
            AND held.status
            AND holder.client_id = person.client_id
            AND holder.user_id <> person.user_id
    ) AS held_by,
    clients.timezone
FROM handle_proposal AS proposal
JOIN "user" AS person ON person.user_id = proposal.user_id
JOIN clients ON clients.client_id = person.client_id
WHERE proposal.outcome IS NULL
    AND person.client_id = ANY (COALESCE(%(client_ids)s::text[], ARRAY(SELECT client_id FROM clients)))
    AND (%(proposal_id)s::bigint IS NULL OR proposal.proposal_id = %(proposal_id)s)
ORDER BY proposal.proposal_id;

-- name: settle_proposal
-- Decided, unless it was meanwhile.
UPDATE handle_proposal
SET outcome = %(outcome)s, settled_at = %(now)s, settled_by = %(settled_by)s
WHERE proposal_id = %(proposal_id)s AND outcome IS NULL;

-- name: find_clients_operated
-- The active clients whose operator or super admin has this number.
SELECT client_id
FROM clients
WHERE %(number)s IN (client_operator, client_super) AND client_status AND removed_at IS NULL
ORDER BY client_id;

-- name: count_notices
-- How many notices somebody was sent of late.
SELECT count(*)
FROM outbox
WHERE recipient = %(recipient)s AND kind = 'notice' AND queued_at > %(since)s;
