from __future__ import annotations

import os
from pathlib import Path

import pytest

from cicero_cli.core.private_files import write_private
from cicero_cli.errors import InputError


def test_a_file_is_its_owners_alone_also_when_it_was_everybodys() -> None:
    Path("old.csv").write_text("a longer text than the new one", encoding="utf-8")
    Path("old.csv").chmod(0o644)
    for name in ("old.csv", "new.csv"):
        write_private(name, b"nrp\n")
        assert (Path(name).read_bytes(), Path(name).stat().st_mode & 0o777) == (b"nrp\n", 0o600)


def test_a_link_is_not_followed() -> None:
    Path("other.txt").write_text("kept", encoding="utf-8")
    for link, target in (("a.csv", "other.txt"), ("b.csv", "not-there.txt")):
        Path(link).symlink_to(target)
        with pytest.raises(InputError, match=f"{link} is a link, which is not followed"):
            write_private(link, b"nrp\n")
    assert Path("other.txt").read_text(encoding="utf-8") == "kept"
    assert not Path("not-there.txt").exists()


def test_a_pipe_that_nobody_reads_holds_nothing_up() -> None:
    os.mkfifo("pipe")
    with pytest.raises(InputError, match="pipe cannot be written: No such device"):
        write_private("pipe", b"nrp\n")
