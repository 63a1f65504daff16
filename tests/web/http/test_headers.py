from __future__ import annotations

import contextlib
import http.client
import json
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
import requests

from cicero_cli.repositories.database.store import Store
from cicero_cli.web import server
from tests.web.conftest import Api, Serve, add_roles, wait_until

ORIGIN = "https://dashboard.example"
NOTES = "/api/example/notes"


@pytest.fixture
def api_for_browsers(serve: Serve, clients: Store) -> Api:
    api = serve(CORS_ORIGIN=f"{ORIGIN}, http://127.0.0.1:3000/")
    add_roles(api)
    return api


def preflight(api: Api, origin: str, headers: str, path: str = NOTES) -> requests.Response:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": headers,
    }
    return api.ask("OPTIONS", path, headers=asked)


@pytest.mark.parametrize(
    "headers",
    [
        "authorization,content-type",
        "authorization, content-type, x-cicero-reposter-token, x-cicero-token, x-client-id",
    ],
)
def test_both_dashboards_pre_flights_are_answered_without_a_token(
    api_for_browsers: Api, headers: str
) -> None:
    for origin in (ORIGIN, "http://127.0.0.1:3000"):
        answer = preflight(api_for_browsers, origin, headers)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == origin
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        allowed = {
            name.strip().lower()
            for name in answer.headers["Access-Control-Allow-Headers"].split(",")
        }
        assert {name.strip() for name in headers.split(",")} <= allowed
        assert "PUT" in answer.headers["Access-Control-Allow-Methods"]


def test_another_origin_is_not_let_in(api_for_browsers: Api) -> None:
    for origin in ("https://evil.example", f"{ORIGIN}.evil.example", "null"):
        refused = preflight(api_for_browsers, origin, "authorization")
        assert (refused.status_code, refused.json()["success"]) == (403, False)
        assert "Access-Control-Allow-Origin" not in refused.headers
        answer = api_for_browsers.get("/api/example/named", "viewer", headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_every_answer_carries_what_the_browser_needs_to_show_it(api_for_browsers: Api) -> None:
    api, headers = api_for_browsers, {"headers": {"Origin": ORIGIN}}
    answers = {
        200: api.get("/api/example/named", "viewer", **headers),
        400: api.post(NOTES, "operator", json={"text": 5}, **headers),
        401: api.get("/api/example/named", **headers),
        403: api.post(NOTES, "viewer", json={"text": "x"}, **headers),
        404: api.get("/api/nothing", **headers),
        405: api.ask("PUT", NOTES, **headers),
        413: api.post(NOTES, "operator", data=b"x" * 1_000_001, **headers),
        500: api.get("/api/example/bug", "viewer", **headers),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert answer.json()["success"] is (status == 200)
        assert isinstance(answer.json().get("message", ""), str)
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        assert "Content-Disposition" in answer.headers["Access-Control-Expose-Headers"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "server" not in answer.headers


def test_a_bug_tells_nothing_of_the_inside(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    answer = api.get("/api/example/bug", "viewer")
    assert (answer.status_code, answer.json()) == (
        500,
        {"success": False, "message": "Ada kesalahan di server."},
    )


@pytest.mark.parametrize("wrong", [None, 5, 1.5, True, [], {}, ["x"], {"a": 1}, [[[]]]])
def test_any_json_type_in_any_field_is_an_answer(api: Api, wrong: Any) -> None:
    for body in ({"text": wrong}, {"text": "x", "client_id": wrong}, wrong, [wrong]):
        answer = api.post(NOTES, "operator", json=body)
        is_fine = isinstance(body, dict) and body.get("text") == "x" and wrong is None
        assert answer.status_code == (200 if is_fine else 400), body
        assert answer.json()["success"] is is_fine


BROKEN_BODIES = {
    "deep lists": b"[" * 400_000,
    "deep objects": b'{"text":' * 100_000,
    "deep and closed": b"[" * 100_000 + b"]" * 100_000,
    "bad UTF-8": b'{"text": "\xff\xfe"}',
    "half a character": b'{"text": "\xc3"}',
    "half a surrogate": b'{"text": "\\ud800"}',
    "a number without end": b'{"text": ' + b"9" * 100_000 + b"}",
    "not a number": b'{"text": NaN}',
    "half": b'{"text": "x',
    "nothing that is JSON": b"text=x",
    "a byte order mark of UTF-16": '{"text": "x"}'.encode("utf-16"),
}


def test_a_broken_body_is_a_400(api: Api) -> None:
    for name, body in BROKEN_BODIES.items():
        answer = api.post(
            NOTES, "operator", data=body, headers={"Content-Type": "application/json"}
        )
        assert (answer.status_code, answer.json()["success"]) == (400, False), name
    for kind in (
        "text/plain",
        "",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "x" * 500,
    ):
        answer = api.post(NOTES, "operator", data=b'{"text": "x"}', headers={"Content-Type": kind})
        assert (answer.status_code, answer.json()["success"]) == (400, False), kind


def test_text_that_no_database_holds_is_a_400(api: Api) -> None:
    for query in ("word=%00", "word=a%00b", "word=x&number=99999999999999999999"):
        answer = api.get(f"/api/example/text?{query}", "viewer")
        assert (answer.status_code, answer.json()["success"]) == (400, False), query
    assert api.get("/api/example/users/%00", "admin").status_code == 400
    for query in ("word=%ff%fe", "word=%ed%a0%80", "word=';DROP TABLE clients;--", "word=%25s%27"):
        assert api.get(f"/api/example/text?{query}", "viewer").status_code == 200, query
    assert api.get("/api/example/own").status_code == 401


def raw(api: Api, words: bytes, *, seconds: float = 20) -> bytes:
    """What the server says to these bytes until it closes the connection."""
    where = urlsplit(api.url)
    with socket.create_connection((where.hostname, where.port), timeout=seconds) as connection:
        heard = b""
        try:
            connection.sendall(words)
            while part := connection.recv(65_536):
                heard += part
        except (ConnectionResetError, BrokenPipeError):
            pass
        return heard


def test_a_body_of_ten_megabytes_is_refused_and_not_read(api: Api) -> None:
    head = (
        f"POST {NOTES} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {api.tokens['operator']}\r\n"
        "Content-Type: application/json\r\nConnection: close\r\n"
    ).encode()
    told = raw(api, head + b"Content-Length: 10000000\r\n\r\n" + b"x" * 100_000)
    assert told.startswith(b"HTTP/1.1 413")
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    unknown = raw(api, head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 20)
    assert unknown.startswith(b"HTTP/1.1 413") or unknown == b""
    lying = raw(api, head + b"Content-Length: -5\r\n\r\nxxxxx")
    assert lying.startswith(b"HTTP/1.1 400")
    assert api.get("/healthz").status_code == 200


def test_a_flood_of_headers_is_refused(api: Api) -> None:
    many = b"".join(b"X-%d: x\r\n" % number for number in range(20_000))
    for flood in (many, b"X: " + b"x" * 500_000 + b"\r\n"):
        told = raw(api, b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + flood + b"\r\n")
        assert told == b"" or told.startswith(b"HTTP/1.1 4")
    assert raw(api, b"\x16\x03\x01\x02\x00").startswith(b"HTTP/1.1 400")
    assert api.get("/healthz").status_code == 200


def test_slow_clients_are_hung_up_on_and_others_do_not_notice(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "REQUEST_SECONDS", 0.5)
    where = urlsplit(api.url)
    token = api.tokens["operator"].encode()
    beginnings = [
        b"",
        b"GET /heal",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n",
        b"POST " + NOTES.encode() + b" HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
        + b"\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
    ]  # fmt: skip
    slow = [
        socket.create_connection((where.hostname, where.port), timeout=10)
        for _ in range(25)
        for _ in beginnings
    ]
    for number, connection in enumerate(slow):
        connection.sendall(beginnings[number % len(beginnings)])
    assert api.get("/healthz").status_code == 200
    for connection in slow:
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(10) in {b"", b"HTTP/1.1 4"}
        connection.close()
    assert api.get("/healthz").status_code == 200


def test_who_does_not_read_its_answers_is_hung_up_on(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "REQUEST_SECONDS", 0.5)
    where = urlsplit(api.url)
    deaf = []
    for _ in range(5):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.connect((where.hostname, where.port))
        connection.sendall(b"GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n" * 5)
        deaf.append(connection)
    ports = {connection.getsockname()[1] for connection in deaf}
    wait_until(lambda: not ports & ports_of_clients(where.port), seconds=15)
    for connection in deaf:
        connection.close()
    assert api.get("/healthz").status_code == 200


def ports_of_clients(port: int | None) -> set[int]:
    """Where the connections come from that this process, which is the server's too, has open on its port."""
    return {
        one.raddr.port
        for one in psutil.Process().net_connections("tcp")
        if one.laddr.port == port and one.status == psutil.CONN_ESTABLISHED
    }


def test_head_is_answered_as_get_is_and_options_say_what_may_be_asked(api: Api) -> None:
    for path in ("/healthz", "/docs", "/static/cicero.css"):
        head, get = api.ask("HEAD", path), api.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["Content-Type"] == get.headers["Content-Type"]
    assert api.ask("HEAD", "/api/users/list").status_code == 401
    assert api.ask("HEAD", "/api/users/list", "viewer").status_code == 200
    options = api.ask("OPTIONS", "/api/users/list")
    assert (options.status_code, options.content) == (204, b"")
    assert set(options.headers["Allow"].split(", ")) >= {"GET", "POST", "PUT", "DELETE", "OPTIONS"}


def test_a_connection_that_is_kept_serves_request_after_request(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "REQUEST_SECONDS", 0.3)
    where = urlsplit(api.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
    for _ in range(3):
        headers = {"Authorization": f"Bearer {api.tokens['viewer']}"}
        connection.request("GET", "/api/example/slow?seconds=0.4", headers=headers)
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["success"]) == (200, True)
        time.sleep(0.4)  # noqa: TID251 - longer than a request may take to arrive, shorter than a connection is kept
    connection.close()


def test_the_documents_page_needs_nothing_from_elsewhere(api: Api) -> None:
    page = api.get("/docs")
    assert page.status_code == 200
    assert "://" not in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    for name in ("swagger-ui.css", "swagger-ui-bundle.js", "start.js"):
        assert api.get(f"/docs/{name}").status_code == 200
    assert api.get("/docs/../../etc/passwd").status_code in {400, 404}
    assert api.get("/docs/..%2fcore.py").status_code in {400, 404}
