-- name: add_account_session
-- The row that makes a token good, unless the account has changed since its secret was checked. Whoever changes the account
-- waits for this row and then finds it, or this one waits and finds another version.
INSERT INTO sessions (jti, account_id, client_id, address, issued_at, used_at, expires_at)
SELECT %(jti)s, account_id, %(client_id)s, %(address)s, %(issued_at)s, %(issued_at)s, %(expires_at)s
FROM accounts
WHERE account_id = %(account_id)s
    AND version = %(account_version)s
FOR SHARE;

-- name: add_phone_session
-- The same for an operator's number, which is looked at again with each call.
INSERT INTO sessions (jti, client_id, operator, address, issued_at, used_at, expires_at)
VALUES (%(jti)s, %(client_id)s, %(operator)s, %(address)s, %(issued_at)s, %(issued_at)s, %(expires_at)s);

-- name: remove_old_sessions
-- Those of tokens that expired long ago.
DELETE FROM sessions
WHERE expires_at < %(now)s::timestamptz - interval '90 days';

-- name: find_session
-- Who holds this token, if it is still good, with the account's present rights; and the client that the call names or
-- else the token, which most calls go on to ask for: one round trip instead of two.
SELECT sessions.used_at, sessions.account_id, COALESCE(accounts.username, 'operator:' || lower(sessions.client_id)) AS username,
    COALESCE(accounts.role, 'viewer') AS role, sessions.client_id,
    CASE
        WHEN accounts.account_id IS NULL THEN ARRAY[sessions.client_id]
        WHEN accounts.role <> 'admin' THEN ARRAY(
            SELECT account_client.client_id
            FROM account_client
            WHERE account_client.account_id = sessions.account_id
            ORDER BY account_client.client_id
        )
    END AS client_ids,
    asked.client_id, asked.nama, asked.timezone,
    asked.client_type ~ 'DIREKTORAT' OR asked.audience <> 'own' AS is_directorate,
    data_version.changed_by::text AS version
FROM sessions
LEFT JOIN accounts ON accounts.account_id = sessions.account_id
LEFT JOIN clients AS asked ON asked.client_id = COALESCE(%(client_id)s, sessions.client_id) AND asked.removed_at IS NULL
LEFT JOIN data_version ON data_version.client_id = asked.client_id
WHERE sessions.jti = %(jti)s
    AND sessions.revoked_at IS NULL
    AND sessions.expires_at > %(now)s
    AND sessions.used_at > %(idle_since)s
    AND CASE
        WHEN sessions.account_id IS NOT NULL THEN accounts.active
        ELSE %(accepts_phone)s AND EXISTS (
            SELECT 1
            FROM clients
            WHERE clients.client_id = sessions.client_id
                AND clients.client_status
                AND clients.client_operator = sessions.operator
        )
    END;

-- name: note_use
-- The session is in use; a clock that went back leaves the later time.
UPDATE sessions
SET used_at = %(now)s
WHERE jti = %(jti)s
    AND used_at < %(now)s;

-- name: revoke_session
-- Log-out.
UPDATE sessions
SET revoked_at = %(now)s
WHERE jti = %(jti)s
    AND revoked_at IS NULL;

-- name: revoke_sessions_of_account
-- Everything that this account holds; how many there were.
UPDATE sessions
SET revoked_at = %(now)s
WHERE account_id = %(account_id)s
    AND revoked_at IS NULL
    AND expires_at > %(now)s;

-- name: list_addresses
-- Where an account has logged in from, or a client's operator by phone.
SELECT DISTINCT address
FROM sessions
WHERE account_id = %(account_id)s
    OR (account_id IS NULL AND client_id = %(client_id)s)
ORDER BY address;
