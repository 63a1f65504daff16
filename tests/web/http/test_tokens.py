from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from cicero_cli.services.access.accounts import AccountChanges, change_account, remove_account
from tests.web.conftest import BY, SECRET, Api, Redis, Serve, add_roles

PATH = "/api/example/named"


def claims_of(api: Api) -> dict[str, Any]:
    return dict(jwt.decode(api.tokens["operator"], SECRET, algorithms=["HS256"]))


def encode(part: Any) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def without(claims: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in claims.items() if key != name}


FORGED: dict[str, Callable[[dict[str, Any], str], str]] = {
    "another algorithm": lambda claims, _: jwt.encode(claims, SECRET, algorithm="HS512"),
    "none": lambda claims, _: f"{encode({'alg': 'none', 'typ': 'JWT'})}.{encode(claims)}.",
    "none with the signature": lambda claims, token: (
        f"{encode({'alg': 'none'})}.{encode(claims)}.{token.rpartition('.')[2]}"
    ),
    "None, spelt otherwise": lambda claims, _: f"{encode({'alg': 'nOnE'})}.{encode(claims)}.",
    "expired": lambda claims, _: jwt.encode(
        claims | {"exp": datetime.now(UTC) - timedelta(seconds=1)},  # noqa: TID251 - the server's clock
        SECRET,
        algorithm="HS256",
    ),
    "without an end": lambda claims, _: jwt.encode(
        without(claims, "exp"), SECRET, algorithm="HS256"
    ),
    "without a name": lambda claims, _: jwt.encode(
        without(claims, "jti"), SECRET, algorithm="HS256"
    ),
    "with a name of another type": lambda claims, _: jwt.encode(
        claims | {"jti": ["x"]}, SECRET, algorithm="HS256"
    ),
    "with a name that no database holds": lambda claims, _: jwt.encode(
        claims | {"jti": "x\x00"}, SECRET, algorithm="HS256"
    ),
    "of an unknown session": lambda claims, _: jwt.encode(
        claims | {"jti": "made up"}, SECRET, algorithm="HS256"
    ),
    "another key": lambda claims, _: jwt.encode(claims, SECRET[::-1], algorithm="HS256"),
    "tampered": lambda claims, token: ".".join(
        [token.split(".")[0], encode(claims | {"role": "admin"}), token.split(".")[2]]
    ),
    "a list instead of claims": lambda _, token: ".".join(
        [token.split(".")[0], encode([1]), token.split(".")[2]]
    ),
    "deep": lambda _, token: ".".join(
        [token.split(".")[0], encode(b"[" * 5_000), token.split(".")[2]]
    ),
    "no token at all": lambda _, __: "undefined",
    "two": lambda _, token: f"{token} {token}",
}


def test_a_token_that_this_server_did_not_make_is_bad(api: Api) -> None:
    assert api.get(PATH, "operator").status_code == 200
    for name, forge in FORGED.items():
        refused = api.get(PATH, forge(claims_of(api), api.tokens["operator"]))
        assert refused.status_code == 401, name
        assert refused.json() == {"success": False, "message": "Token tidak berlaku; masuk lagi."}
        assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_only_a_bearer_is_looked_at(api: Api) -> None:
    token = api.tokens["operator"]
    for header in (f"Basic {token}", token, "Bearer", "Bearer ", f"Token {token}"):
        assert api.get(PATH, headers={"Authorization": header}).status_code == 401
    assert api.get(PATH, headers={"Authorization": f"bearer  {token}"}).status_code == 200
    assert api.get(f"{PATH}?token={token}").status_code == 401


def test_a_token_repeats_who_it_is_of_for_the_dashboards(api: Api) -> None:
    api.add("budi", "operator", "POLRES_A")
    claims = jwt.decode(api.log_in("budi"), SECRET, algorithms=["HS256"])
    told = {name: claims[name] for name in ("client_id", "role", "username")}
    assert told == {"client_id": "POLRES_A", "role": "operator", "username": "budi"}
    assert isinstance(claims["user_id"], str)


def test_after_logout_the_token_is_bad_and_others_are_not(api: Api) -> None:
    api.add("budi", "operator", "POLRES_A")
    first, second = api.log_in("budi"), api.log_in("budi")
    assert api.post("/api/auth/logout", first).status_code == 200
    assert api.get(PATH, first).status_code == 401
    assert api.post("/api/auth/logout", first).status_code == 401
    assert api.get(PATH, second).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        AccountChanges(client_ids=["POLRES_B"]),
        AccountChanges(role="viewer"),
        AccountChanges(active=False),
        AccountChanges(new_password=True),
        AccountChanges(new_access_code=True),
        AccountChanges(log_out=True),
    ],
    ids=["clients", "role", "inactive", "password", "access code", "log-out"],
)
def test_a_changed_account_has_to_log_in_again(api: Api, changes: AccountChanges) -> None:
    change_account(api.store, "operator", changes, by=BY)
    assert api.get(PATH, "operator").status_code == 401


def test_a_removed_account_has_no_token(api: Api) -> None:
    remove_account(api.store, "operator", by=BY)
    assert api.get(PATH, "operator").status_code == 401


def test_rights_are_the_present_ones_even_when_a_session_was_left(api: Api) -> None:
    account = api.store.accounts.get("operator")
    assert account is not None
    api.store.accounts.set_clients(account.account_id, ["POLRES_B"])
    assert api.get(PATH, "operator").status_code == 403
    assert api.get(PATH, "operator", params={"client_id": "POLRES_A"}).status_code == 403
    assert api.get(PATH, "operator", params={"client_id": "POLRES_B"}).status_code == 200


def test_a_removed_client_takes_its_rights_with_it(api: Api) -> None:
    api.store.clients.remove("POLRES_A")
    assert api.get(PATH, "operator").status_code == 401


def test_another_key_ends_every_session(api: Api, serve: Serve) -> None:
    other = serve(JWT_SECRET="another key, as after somebody has seen the first")
    assert other.get(PATH, api.tokens["operator"]).status_code == 401


def test_a_revoked_token_stays_revoked_whatever_becomes_of_redis(
    clients: object, serve: Serve, redis_server: Redis
) -> None:
    api = serve(REDIS_URL=redis_server.url)
    add_roles(api)
    assert api.get(PATH, "operator").status_code == 200
    assert api.post("/api/auth/logout", "operator").status_code == 200
    assert api.get(PATH, "operator").status_code == 401
    redis_server.stop()
    assert api.get(PATH, "operator").status_code == 401
    assert api.get(PATH, "viewer").status_code == 200
    redis_server.start()
    assert api.get(PATH, "operator").status_code == 401
