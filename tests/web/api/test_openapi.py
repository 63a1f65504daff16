from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cicero_cli.core.settings import load_settings
from cicero_cli.repositories.database.store import Store
from cicero_cli.web.app import create_app
from cicero_cli.web.http.permissions import PUBLIC_ROUTES
from tests.web.conftest import SECRET, Api, Serve, add_roles

DOCUMENT = create_app(
    load_settings({"JWT_SECRET": SECRET, "CICERO_DATA_DIR": "/nowhere"})
).openapi()
SCHEMA: Any = schemathesis.openapi.from_dict(DOCUMENT)
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

PATIENT = settings(
    max_examples=15,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def operations() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
    ]


def test_the_document_shows_what_each_call_gives_and_refuses() -> None:
    for name, operation in operations():
        responses = operation["responses"]
        assert operation["summary"], name
        assert "422" not in responses, name
        for status, response in responses.items():
            if int(status) < 400:
                continue
            schema = response["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Refusal"}, (name, status)
        assert "content" in responses["200"], name
        if name.startswith(("GET /api", "PUT", "DELETE")) and name not in PUBLIC_ROUTES:
            assert operation["security"] == [{"token": []}], name
            assert {"401", "403"} <= set(responses), name


def test_the_document_invents_no_value_for_what_is_not_sent() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for name in ("UserChanges", "NewUser", "ClientChanges", "NewClient"):
        assert [f for f, told in schemas[name]["properties"].items() if "default" in told] == []
    assert schemas["NewClient"]["required"] == ["nama", "client_id"]
    assert "required" not in schemas["ClientChanges"]


@pytest.fixture
def tested(serve: Serve, clients: Store) -> Api:
    """A server that lets the same write through again and again, so that more than refusals is seen."""
    api = serve(
        parts=lambda _: {"writes_per_minute": 1_000_000},
        CICERO_ALLOW_DUPLICATE_REQUESTS="1",
        CICERO_WA_WEBHOOK_SECRET="signs" * 8,
    )
    add_roles(api)
    return api


@pytest.mark.parametrize("who", ["admin", "viewer", None])
def test_no_request_is_answered_with_what_is_not_documented(tested: Api, who: str | None) -> None:
    headers = {} if who is None else {"Authorization": f"Bearer {tested.tokens[who]}"}

    def check(case: Any) -> None:
        if case.path != case.formatted_path and case.formatted_path in DOCUMENT["paths"]:
            return  # a made-up id spells another call, such as /api/clients/active
        answer = case.call(base_url=tested.url, headers=headers)
        assert answer.status_code != 500  # 502 and 503 are documented where they can come
        case.validate_response(answer, checks=CHECKS)

    for found in SCHEMA.get_all_operations():
        operation = found.ok()
        if operation.path != "/api/auth/logout":  # it would end the session; test_tokens has it
            PATIENT(given(case=operation.as_strategy())(check))()
