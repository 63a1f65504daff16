from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cicero_cli.repositories.database import embedded


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cicero-test-") as folder:
        embedded.start(Path(folder))
        yield Path(folder)
        embedded.stop(Path(folder))


def test_a_server_whose_folder_was_deleted_is_not_taken_for_the_new_ones(data_dir: Path) -> None:
    deleted = (data_dir / "postgres" / "postmaster.pid").read_text().split()[0]
    shutil.rmtree(data_dir / "postgres")

    embedded.start(data_dir)

    assert (data_dir / "postgres" / "postmaster.pid").read_text().split()[0] != deleted
    with psycopg.connect(embedded.conninfo(data_dir)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
