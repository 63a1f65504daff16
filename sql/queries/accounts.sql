-- name: list_accounts
-- Every account with its clients.
SELECT account_id, username, role, active, access_key IS NOT NULL AS has_access_code, created_at, dashboard_role, whatsapp,
    ARRAY(
        SELECT client_id FROM account_client WHERE account_client.account_id = accounts.account_id ORDER BY client_id
    ) AS client_ids
FROM accounts
ORDER BY username;

-- name: get_account
-- One account by its name, which is lower-case already.
SELECT account_id, username, role, active, access_key IS NOT NULL AS has_access_code, created_at, dashboard_role, whatsapp,
    ARRAY(
        SELECT client_id FROM account_client WHERE account_client.account_id = accounts.account_id ORDER BY client_id
    ) AS client_ids
FROM accounts
WHERE username = %(username)s;

-- name: lock_account
-- Keeps others from changing this account, and sessions from beginning, until the transaction ends.
SELECT account_id
FROM accounts
WHERE username = %(username)s
FOR NO KEY UPDATE;

-- name: add_account
-- One new account; nothing when the name is taken.
INSERT INTO accounts (username, role, active, password_hash, access_key, access_code_hash)
VALUES (%(username)s, %(role)s, %(active)s, %(password_hash)s, %(access_key)s, %(access_code_hash)s)
ON CONFLICT (username) DO NOTHING
RETURNING account_id;

-- name: update_account
-- Roles, number, and whether it may log in.
UPDATE accounts
SET role = %(role)s, active = %(active)s, dashboard_role = %(dashboard_role)s, whatsapp = %(whatsapp)s,
    version = version + 1, updated_at = now()
WHERE account_id = %(account_id)s;

-- name: set_password
-- Another password.
UPDATE accounts
SET password_hash = %(password_hash)s, version = version + 1, updated_at = now()
WHERE account_id = %(account_id)s;

-- name: replace_hash
-- The same password under another hash: its sessions go on, so the version stays.
UPDATE accounts
SET password_hash = %(password_hash)s
WHERE account_id = %(account_id)s AND password_hash = %(old_hash)s;

-- name: set_access_code
-- Another access code, or none.
UPDATE accounts
SET access_key = %(access_key)s,
    access_code_hash = %(access_code_hash)s,
    version = version + 1,
    updated_at = now()
WHERE account_id = %(account_id)s;

-- name: set_clients
-- Exactly these clients.
WITH gone AS (
    DELETE FROM account_client
    WHERE account_id = %(account_id)s AND client_id <> ALL (%(client_ids)s::text[])
)
INSERT INTO account_client (account_id, client_id)
SELECT %(account_id)s, unnest(%(client_ids)s::text[])
ON CONFLICT DO NOTHING;

-- name: remove_account
-- The account; its sessions and clients follow by foreign key.
DELETE FROM accounts
WHERE account_id = %(account_id)s;

-- name: find_password
-- What a password is checked against.
SELECT account_id, password_hash AS secret_hash, version
FROM accounts
WHERE username = %(username)s;

-- name: find_access_code
-- What an access code is checked against.
SELECT account_id, access_code_hash AS secret_hash, version
FROM accounts
WHERE access_key = %(access_key)s;

-- name: get_account_by_id
-- The account whose secret was checked.
SELECT account_id, username, role, active, access_key IS NOT NULL AS has_access_code, created_at, dashboard_role, whatsapp,
    ARRAY(
        SELECT client_id FROM account_client WHERE account_client.account_id = accounts.account_id ORDER BY client_id
    ) AS client_ids
FROM accounts
WHERE account_id = %(account_id)s;
