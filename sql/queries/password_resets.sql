-- name: add_password_reset
-- A code for an account, unless the last one is still good.
INSERT INTO password_reset (account_id, account_version, code_hash, expires_at)
SELECT account_id, version, %(code_hash)s, %(expires_at)s
FROM accounts
WHERE account_id = %(account_id)s
ON CONFLICT (account_id) DO UPDATE
SET account_version = EXCLUDED.account_version, code_hash = EXCLUDED.code_hash, expires_at = EXCLUDED.expires_at
WHERE password_reset.expires_at <= %(now)s OR password_reset.account_version <> EXCLUDED.account_version;

-- name: find_password_reset
-- The name of the account that a code is good for.
SELECT accounts.username
FROM password_reset
JOIN accounts ON accounts.account_id = password_reset.account_id AND accounts.version = password_reset.account_version
WHERE code_hash = %(code_hash)s AND expires_at > %(now)s AND accounts.active;

-- name: use_password_reset
-- The account that a code is good for; the code is none from then on.
DELETE FROM password_reset
USING accounts
WHERE accounts.account_id = password_reset.account_id
    AND accounts.version = password_reset.account_version
    AND accounts.active
    AND code_hash = %(code_hash)s
    AND expires_at > %(now)s
RETURNING accounts.account_id;
