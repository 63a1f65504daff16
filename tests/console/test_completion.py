"""Tab offers commands, options, and the clients and users of the database; without one, nothing, and quietly."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cicero_cli.cli import main
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import at
from tests.services.fakes_whatsapp import queue


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """What bash is offered after these words."""

    def ask(line: str) -> list[str]:
        monkeypatch.setenv("_CICERO_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main([])
        monkeypatch.delenv("_CICERO_COMPLETE")
        told = capsys.readouterr()
        assert (end.value.code, told.err) == (0, "")
        return told.out.split()

    return ask


def test_tab_offers_what_there_is(cicero: Run, store: Store, offered) -> None:  # above
    for name in ("polres_a", "polres_b", "dit"):
        cicero("client", "add", name, "--nama", name)
    cicero("user", "add", "85010001", "--client", "polres_a", "--nama", "Budi", "--insta", "budi.s")
    cicero("user", "add", "86010001", "--client", "polres_a", "--nama", "Ani", "--insta", "ani")
    cicero("user", "set", "86010001", "--inactive")

    assert offered("cicero cl") == ["client"]
    assert offered("cicero client s") == ["show", "set"]
    assert offered("cicero client show P") == ["POLRES_A", "POLRES_B"]
    assert offered("cicero absensi show insta --client pol") == ["polres_a", "polres_b"]
    assert offered("cicero user show ") == ["85010001", "budi.s"]
    assert offered("cicero user show @bu") == ["@budi.s"]
    cicero("account", "add", "budi.humas", "--role", "admin")
    [number] = queue(store, "6281211110001", "x", now=at("2026-11-21 05:00"))
    assert offered("cicero account set bu") == ["budi.humas"]
    assert offered("cicero outbox cancel ") == offered("cicero outbox show ") == [f"{number}"]
    for number, name in (("081211110002", "Kapolres"), ("081211110003", "Kasat Lantas")):
        cicero("recipient", "add", number, "--client", "dit", "--name", name)
    assert offered("cicero recipient set Ka") == ["Kapolres", "6281211110003"]
    assert offered("cicero help ex") == ["exit-codes"]
    assert offered("cicero help us") == ["user", "usulan"]
    assert offered("cicero user list --out") == ["--output"]
    assert offered("cicero user list --output c") == ["csv"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_zsh_and_fish_are_told_the_names_too_in_letters_that_they_do_not_obey(
    shell: str, cicero: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres 'A' $(reboot) `id`")
    monkeypatch.setenv("_CICERO_COMPLETE", f"complete_{shell}")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "cicero client show P")
    with pytest.raises(SystemExit):
        main([])
    told = capsys.readouterr().out
    assert "POLRES_A" in told
    assert "Polres  A   (reboot)  id" in told


def test_without_a_database_nothing_is_offered(offered, monkeypatch: pytest.MonkeyPatch) -> None:
    assert offered("cicero client show P") == []
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/x")
    assert offered("cicero client show P") == []
    monkeypatch.setenv("CICERO_RATE", "many")
    assert offered("cicero user show P") == []


def test_what_is_installed_is_bash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda: "bash")
    monkeypatch.setenv("HOME", str(tmp_path))

    assert main(["--install-completion"]) == 0
    assert capsys.readouterr().out.startswith("Completion for bash is in ")
    assert main(["--show-completion"]) == 0
    script = capsys.readouterr().out
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)
    assert "cicero" in (tmp_path / ".bashrc").read_text()

    monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda: "tcsh")
    assert main(["--install-completion"]) == 2
    assert "this shell is tcsh" in capsys.readouterr().err
