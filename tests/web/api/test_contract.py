"""The contract's fields, call by call, for both generations of dashboards; and what must never be a 500."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import Api, Serve
from tests.web.people import enter_all

TEXT, MAYBE_TEXT, NUMBER, FLAG = (str,), (str, type(None)), (int,), (bool,)
TOTALS = dict.fromkeys(
    (
        "totalPosts",
        "usersCount",
        "sudahUsersCount",
        "kurangUsersCount",
        "belumUsersCount",
        "noUsernameUsersCount",
    ),
    NUMBER,
)
ROW = {
    "user_id": TEXT,
    "title": MAYBE_TEXT,
    "nama": TEXT,
    "username": MAYBE_TEXT,
    "divisi": MAYBE_TEXT,
    "exception": FLAG,
    "display_nama": TEXT,
    "client_id": TEXT,
    "nama_client": TEXT,
}
FIRST_ROW = {name: kinds for name, kinds in ROW.items() if not name.endswith("client")}
CLIENT = {
    "client_id": TEXT,
    "nama": TEXT,
    "client_type": TEXT,
    "client_super": MAYBE_TEXT,
    "client_operator": MAYBE_TEXT,
    "client_group": MAYBE_TEXT,
    "client_insta": MAYBE_TEXT,
    "client_tiktok": MAYBE_TEXT,
    "client_insta_status": FLAG,
    "client_tiktok_status": FLAG,
}
USER = {
    "user_id": TEXT,
    "nama": TEXT,
    "title": MAYBE_TEXT,
    "divisi": MAYBE_TEXT,
    "insta": MAYBE_TEXT,
    "tiktok": MAYBE_TEXT,
    "status": FLAG,
    "exception": FLAG,
}
MORE_OF_USER = {
    "client_id": TEXT,
    "nama_client": TEXT,
    "jabatan": MAYBE_TEXT,
    "email": MAYBE_TEXT,
    "whatsapp": MAYBE_TEXT,
}
MORE_OF_CLIENT = {
    "regional_id": MAYBE_TEXT,
    "client_amplify_status": FLAG,
    "premium_tier": MAYBE_TEXT,
    "premium_status": FLAG,
    "premium_expires_at": MAYBE_TEXT,
}
STATS = {
    "igPosts": NUMBER,
    "ttPosts": NUMBER,
    "client_id": TEXT,
    "clients": NUMBER,
    "users": NUMBER,
}
MORE_OF_STATS = {"instagramPosts": NUMBER, "tiktokPosts": NUMBER}
DAY = "tanggal=2026-01-15"
CLIENT_ID = "client_id=polres_wib"

FIRST: dict[str, tuple[str, dict[str, Any]]] = {
    f"/api/clients/profile?{CLIENT_ID}": ("client", CLIENT),
    "/api/dashboard/stats": ("data", STATS),
    f"/api/users/list?{CLIENT_ID}": ("data", USER),
    f"/api/insta/rekap-likes?{CLIENT_ID}&periode=harian&{DAY}": (
        "data",
        {**FIRST_ROW, "jumlah_like": NUMBER},
    ),
    f"/api/tiktok/rekap-komentar?{CLIENT_ID}&periode=bulanan&{DAY}": (
        "data",
        {**FIRST_ROW, "jumlah_komentar": NUMBER},
    ),
}
SECOND: dict[str, tuple[str, dict[str, Any]]] = {
    f"/api/clients/profile?{CLIENT_ID}&role=operator": ("client", {**CLIENT, **MORE_OF_CLIENT}),
    f"/api/dashboard/stats?{CLIENT_ID}&{DAY}&periode=mingguan&role=X&scope=org&regional_id=JATIM": (
        "data",
        {**STATS, **MORE_OF_STATS},
    ),
    f"/api/users/list?{CLIENT_ID}&role=operator&scope=ORG&regional_id=": (
        "data",
        {**USER, **MORE_OF_USER},
    ),
    f"/api/insta/rekap-likes?scope=DIREKTORAT&periode=mingguan&{DAY}&role=X&regional_id=JATIM": (
        "data",
        {**ROW, "jumlah_like": NUMBER},
    ),
    "/api/tiktok/rekap-komentar?scope=DIREKTORAT&tanggal_mulai=2026-01-01&tanggal_selesai=2026-01-31": (
        "data",
        {**ROW, "jumlah_komentar": NUMBER},
    ),
    "/api/clients/polres_wib/summary?start_date=2026-01-01&end_date=2026-01-31": (
        "data",
        {"client_id": TEXT, "nama": TEXT},
    ),
    "/api/instagram/posts?start_date=2026-01-01&end_date=2026-01-31": (
        "data",
        {"id": TEXT, "caption": TEXT, "created_at": TEXT, "thumbnail": TEXT},
    ),
}


@pytest.fixture
def world(serve: Serve) -> Api:
    return enter_all(serve())


@pytest.mark.parametrize(
    ("path", "key", "fields"),
    [(path, key, fields) for calls in (FIRST, SECOND) for path, (key, fields) in calls.items()],
)
def test_every_field_that_a_dashboard_reads_is_there_and_of_its_kind(
    path: str, key: str, fields: dict[str, Any], world: Api
) -> None:
    answer = world.get(path, "wib")

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["success"] is True
    rows = answer.json()[key]
    rows = rows if isinstance(rows, list) else [rows]
    assert rows
    for row in rows:
        for name, kinds in fields.items():
            assert type(row[name]) in kinds, name


@pytest.mark.parametrize("path", ["/api/insta/rekap-likes", "/api/tiktok/rekap-komentar"])
def test_totals_are_at_the_root_and_in_the_summary(path: str, world: Api) -> None:
    answer = world.get(f"{path}?{DAY}", "wib").json()

    for totals in (answer, answer["summary"]):
        assert {name: type(totals[name]) for name in TOTALS} == dict.fromkeys(TOTALS, int)
    classes = answer["summary"]["distribution"]
    assert set(classes) == {"sudah", "kurang", "belum", "noUsername", "noPosts"}
    assert sum(classes.values()) == answer["usersCount"] == len(answer["data"])


@pytest.mark.parametrize(
    "path", [*FIRST, *SECOND, "/api/clients", "/api/tiktok/comments", "/api/metadata"]
)
def test_the_document_names_every_field(path: str, world: Api) -> None:
    """What is answered is what the OpenAPI document says: no field more, none less."""
    document = world.get("/openapi.json").json()
    route = path.partition("?")[0].replace("polres_wib", "{client_id}")
    answers = document["paths"][route]["get"]["responses"]["200"]["content"]["application/json"]
    answer = world.get(path, "wib").json()

    _compare(answer, answers["schema"], document, where=route)


def _compare(value: Any, schema: dict[str, Any], document: dict[str, Any], *, where: str) -> None:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if isinstance(value, list):
        for each in value:
            _compare(each, schema["items"], document, where=f"{where}[]")
    elif isinstance(value, dict):
        shown = schema["properties"]
        assert set(value) - set(shown) == set(), where
        assert set(schema.get("required", [])) - set(value) == set(), where
        for name, each in value.items():
            _compare(each, shown[name], document, where=f"{where}.{name}")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "path", ["/api/amplify/rekap", "/api/likes/x", "/api/premium", "/api/clients/a/b/c/d"]
)
def test_other_paths_of_the_second_generation_are_not_there(
    method: str, path: str, world: Api
) -> None:
    missing = world.ask(method, path, "admin")

    assert missing.status_code == 404
    assert missing.json()["success"] is False
    assert isinstance(missing.json()["message"], str)


ODD: list[Any] = [
    None, 5, -1.5, 10**400, True, "", " ", [], ["x"], {}, {"a": {"b": []}}, "x\x00y", "' OR 1=1; --", "9" * 300, "🙏",
]  # fmt: skip
WRITES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/api/users/create"): {"client_id": "POLRES_WIB", "nama": "X", "user_id": "X", "title": "", "divisi": "", "insta": "", "whatsapp": "", "email": "", "exception": False, "status": True, "wa_opt_in": True},
    ("PUT", "/api/users/WIB-001"): {"client_id": "POLRES_WIB", "nama": "X", "title": "", "insta": "", "tiktok": "", "whatsapp": "", "exception": False, "status": True},
    ("POST", "/api/clients"): {"client_id": "NEW", "nama": "X", "client_type": "ORG", "client_insta": "", "client_group": "", "client_status": True, "premium_expires_at": "2027-01-01T00:00:00Z", "threshold": 0.5, "timezone": "WIB"},
    ("PUT", "/api/clients/POLRES_WIT"): {"nama": "X", "client_tiktok": "", "client_operator": "", "regional_id": "", "premium_tier": "", "premium_status": True},
}  # fmt: skip


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_any_json_in_any_field_is_taken_or_refused(method: str, path: str, world: Api) -> None:
    for name in WRITES[method, path]:
        for odd in ODD:
            if isinstance(odd, int) and abs(odd) > 2**63:
                body = f'{{"{name}": {odd}}}'.encode()
                words: dict[str, Any] = {
                    "data": body,
                    "headers": {"Content-Type": "application/json"},
                }
            else:
                words = {"json": {**WRITES[method, path], name: odd}}
            answer = world.ask(method, path, "admin", **words)
            assert answer.status_code in {200, 400, 403, 404, 429}, (name, odd, answer.text)
            assert isinstance(answer.json()["success"], bool)
    for body in (b"[]", b"null", b'"x"', b"{", b"", b"\xff", b'{"nama": "\\ud800"}', b"[" * 2000):
        answer = world.ask(
            method, path, "admin", data=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code in {400, 429}, (body[:20], answer.text)


@pytest.mark.parametrize("path", [*FIRST, *SECOND])
def test_sql_in_any_parameter_is_only_a_word(path: str, world: Api) -> None:
    path = path.partition("?")[0]
    for name in [
        "client_id",
        "role",
        "scope",
        "regional_id",
        "periode",
        "tanggal",
        "tanggal_mulai",
        "tanggal_selesai",
        "start_date",
        "end_date",
        "limit",
    ]:
        for word in (
            "' OR '1'='1",
            "x'; DROP TABLE clients; --",
            "\x00",
            "%s %(x)s",
            "\ud83d",
            "1" * 5000,
        ):
            value = word.encode("utf-8", "surrogatepass")
            answer = world.get(path, "admin", params={name: value})
            assert answer.status_code in {200, 400, 404}, (name, word, answer.text)
    assert len(world.store.clients.list()) == 3


def test_what_a_dashboard_sends_besides_is_ignored(world: Api) -> None:
    assert world.get("/api/users/list?nonce=1&_=2", "wib").status_code == 200
    added = world.post(
        "/api/users/create",
        "operator",
        json={"user_id": "x1", "nama": "X", "client_id": "polres_wib", "ditbinmas": True},
    )
    assert added.status_code == 200
