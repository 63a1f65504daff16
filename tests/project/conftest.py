"""Where the documents and the help's examples are followed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.conftest import Run
from tests.project.prepared import Outside, Place, outside, settle


@pytest.fixture(scope="module")
def world() -> Iterator[Outside]:
    with outside() as world:
        yield world


@pytest.fixture
def place(
    world: Outside, tmp_path: Path, cicero: Run, server: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    with settle(world, tmp_path, cicero, monkeypatch) as place:
        yield place
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS trial WITH (FORCE)")
