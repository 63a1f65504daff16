from __future__ import annotations

import functools
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import redis

from cicero_cli.errors import RejectedError, UpstreamError
from cicero_cli.gateways.upstream.images import Image, ImageSource
from cicero_cli.repositories.database.store import Store
from cicero_cli.web.api.images import image_url
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.upstreams import Upstreams
from tests.web.conftest import Api, Redis, Serve, add_roles

PICTURE = "https://scontent.cdninstagram.com/v/t51/1_n.jpg?stp=dst-jpg&oh=00_A&oe=69"
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass
class FakeImages(ImageSource):
    """One that answers from a dictionary; what is an exception there is raised."""

    answers: dict[str, Image | Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(("cdninstagram.com",))

    def read(self, url: str) -> Image:
        self.asked.append(url)
        answer = self.answers.get(url, UpstreamError("it is not there"))
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def images(monkeypatch: pytest.MonkeyPatch) -> FakeImages:
    fake = FakeImages(answers={PICTURE: Image(b"picture", "image/jpeg")})
    monkeypatch.setattr("cicero_cli.web.app.Upstreams", functools.partial(Upstreams, images=fake))
    return fake


@pytest.fixture
def api(images: FakeImages, serve: Serve, clients: Store) -> Api:
    return serve()


Sign = Callable[[str], str]


@pytest.fixture
def sign(api: Api) -> Sign:
    """The path under which the server shows a picture."""
    return functools.partial(signed, api, "")


def signed(api: Api, public_url: str, url: str | None) -> str:
    """As image_url makes it, for a request that came to `https://api.example`."""

    class Request:
        base_url = "https://api.example/"

    class Parts:
        images = ImageSource(("cdninstagram.com",))
        upstreams = None

    Parts.upstreams = Parts  # type: ignore[assignment]

    class Asked:
        settings = api.settings
        request = Request
        parts = Parts

    call: Call = Asked  # type: ignore[assignment]
    return image_url(call, url).removeprefix("https://api.example")


def test_a_picture_loads_without_a_token(api: Api, sign: Sign) -> None:
    answer = api.get(sign(PICTURE))
    assert (answer.status_code, answer.content) == (200, b"picture")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_only_addresses_that_the_server_signed_are_asked(
    api: Api, sign: Sign, images: FakeImages
) -> None:
    words = {name: each[0] for name, each in parse_qs(urlsplit(sign(PICTURE)).query).items()}
    for change in (
        {"sig": ""},
        {"sig": words["sig"][:-1] + "0" if words["sig"][-1] != "0" else words["sig"][:-1] + "1"},
        {"sig": words["sig"].upper()},
        {"sig": "\u00e9"},
        {"url": PICTURE + "0"},
        {"url": "https://127.0.0.1/"},
        {"url": ""},
        {"url": "\x00"},
        {"url": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")},
    ):
        refused = api.get(f"/api/images?{urlencode(words | change)}")
        assert (refused.status_code, refused.json()["success"]) == (403, False)
    assert api.get("/api/images").status_code == 403
    assert api.get(f"/api/images?url={'x' * 5000}&sig=1").status_code == 400
    assert images.asked == []


def test_another_key_signs_differently(serve: Serve, api: Api, sign: Sign) -> None:
    other = serve(JWT_SECRET="another key that only this test uses, long enough")
    assert other.get(sign(PICTURE)).status_code == 403


@pytest.mark.parametrize("error", [UpstreamError("gone"), RejectedError("private")])
def test_a_picture_that_cannot_be_had_is_the_placeholder(
    error: Exception, api: Api, sign: Sign, images: FakeImages
) -> None:
    images.answers[PICTURE] = error
    answer = api.get(sign(PICTURE))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.content.startswith(PNG)
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_a_host_with_a_private_address_gives_the_placeholder(
    serve: Serve, clients: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = ImageSource(("cdninstagram.com",), resolve=lambda _host: ["10.0.0.1"])
    monkeypatch.setattr("cicero_cli.web.app.Upstreams", functools.partial(Upstreams, images=inside))
    api = serve()
    answer = api.get(signed(api, "", PICTURE))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.content.startswith(PNG)


def test_what_has_no_picture_names_the_placeholder(api: Api, sign: Sign) -> None:
    for url in (None, "", "https://cdn.example.invalid/x", "http://scontent.cdninstagram.com/x"):
        assert sign(url) == "/api/images/placeholder"  # type: ignore[arg-type]
    answer = api.get("/api/images/placeholder")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.content.startswith(PNG)


def test_redis_keeps_a_picture_for_a_day(
    images: FakeImages, serve: Serve, clients: Store, redis_server: Redis
) -> None:
    api = serve(REDIS_URL=redis_server.url)
    path, gone = signed(api, "", PICTURE), signed(api, "", PICTURE + "2")
    for _ in range(2):
        answer = api.get(path)
        assert (answer.content, answer.headers["Content-Type"]) == (b"picture", "image/jpeg")
        assert api.get(gone).content.startswith(PNG)
    assert images.asked == [PICTURE, PICTURE + "2"]
    images.answers[PICTURE + "3"] = Image(b"x" * 600_000, "image/png")
    large = signed(api, "", PICTURE + "3")
    assert len(api.get(large).content) == len(api.get(large).content) == 600_000
    assert images.asked.count(PICTURE + "3") == 2  # too large to be kept
    redis_server.stop()
    assert api.get(path).content == b"picture"


@pytest.mark.parametrize(
    "kept",
    [b"", b"text/html\n<script>", b"image/svg+xml\n<svg>", b"\xff\n1", b"image/png", b"\nx"],
)
def test_what_redis_holds_and_is_no_picture_is_asked_for_anew(
    kept: bytes, images: FakeImages, serve: Serve, clients: Store, redis_server: Redis
) -> None:
    api = serve(REDIS_URL=redis_server.url)
    with redis.Redis.from_url(redis_server.url) as client:
        client.set(f"cicero:image:{hashlib.sha256(PICTURE.encode()).hexdigest()}", kept)
    answer = api.get(signed(api, "", PICTURE))
    assert (answer.content, answer.headers["Content-Type"]) == (b"picture", "image/jpeg")


def test_a_post_is_shown_with_an_address_that_loads(
    images: FakeImages, serve: Serve, clients: Store
) -> None:
    clients.connection.execute(
        """
        UPDATE clients SET client_insta = 'polres.a' WHERE client_id = 'POLRES_A';
        INSERT INTO insta_post (client_id, post_key, published_at, thumbnail_url, first_seen_at)
        VALUES ('POLRES_A', 'D1', now(), 'https://scontent.cdninstagram.com/1.jpg', now())
        """
    )
    images.answers["https://scontent.cdninstagram.com/1.jpg"] = Image(b"one", "image/webp")
    api = serve()
    add_roles(api)
    (post,) = api.get("/api/aggregator", "viewer").json()["data"]["igPosts"]
    assert post["thumbnail"].startswith(f"{api.url}/api/images?")
    assert api.get(post["thumbnail"].removeprefix(api.url)).content == b"one"


def test_many_slow_pictures_keep_nobody_else_waiting(
    images: FakeImages, serve: Serve, clients: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    going_on = threading.Event()

    def wait(_url: str) -> Image:
        going_on.wait(20)
        return Image(b"late", "image/png")

    monkeypatch.setattr(images, "read", wait)
    api = serve()
    add_roles(api)
    path = signed(api, "", PICTURE)
    threads = [threading.Thread(target=api.get, args=(path,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    try:
        assert api.get("/api/dashboard/stats", "viewer", timeout=3).status_code == 200
    finally:
        going_on.set()
        for thread in threads:
            thread.join()
