"""The wordings on the command line: shown, taken out to be changed, and tried before they are sent."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from cicero_cli.cli import main
from tests.conftest import Run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "wordings"
    path.mkdir(mode=0o755)
    monkeypatch.setenv("CICERO_TEMPLATES", str(path))
    return path


def packaged(name: str) -> str:
    return files("cicero_cli").joinpath("templates", name).read_text(encoding="utf-8")


def test_each_template_is_listed_with_the_file_that_is_used(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "reminder.txt.j2").write_text("Halo {{ name }}")

    assert main(["template", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"name": "laphar.txt.j2", "makes": "the daily report", "source": "cicero"},
        {"name": "rekap.txt.j2", "makes": "the recap of a period", "source": "cicero"},
        {"name": "tugas.txt.j2", "makes": "the list of the day's posts", "source": "cicero"},
        {"name": "peringkat.txt.j2", "makes": "the ranking of a period", "source": "cicero"},
        {
            "name": "reminder.txt.j2",
            "makes": "the reminder to one user",
            "source": str(folder / "reminder.txt.j2"),
        },
    ]


def test_a_template_is_shown_as_it_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["template", "show", "laphar"]) == 0
    assert capsys.readouterr().out == packaged("laphar.txt.j2")


def test_the_message_of_a_made_up_day_is_shown_in_the_units_own_words(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "reminder.txt.j2").write_text("Halo {{ name }}, {{ left }} konten lagi.")

    assert main(["template", "show", "reminder.txt.j2", "--example"]) == 0
    assert capsys.readouterr().out == "Halo BRIPKA Joko Susilo, 4 konten lagi.\n"


def test_the_variables_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["template", "show", "reminder", "--variables", "--output", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "name,meaning",
        'greeting,"Selamat pagi, siang, sore or malam"',
        "name,the user's rank and name",
    ]


def test_a_template_that_there_is_not_is_told_with_the_one_it_may_be(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["template", "show", "lapar"]) == 2
    assert capsys.readouterr().err == "cicero: there is no template lapar (laphar?)\n"


def test_exported_templates_are_believed_and_in_order(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["template", "export"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        str(folder / "laphar.txt.j2"),
        str(folder / "rekap.txt.j2"),
        str(folder / "tugas.txt.j2"),
        str(folder / "peringkat.txt.j2"),
        str(folder / "reminder.txt.j2"),
    ]
    assert (folder / "laphar.txt.j2").read_text(encoding="utf-8") == packaged("laphar.txt.j2")

    assert main(["template", "check"]) == 0
    assert capsys.readouterr().out == "The templates are in order.\n"


def test_an_export_keeps_what_was_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "reminder.txt.j2").write_text("Halo {{ name }}")

    assert main(["template", "export"]) == 2
    assert "reminder.txt.j2 is there already" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["reminder.txt.j2"]
    assert (folder / "reminder.txt.j2").read_text() == "Halo {{ name }}"


def test_an_export_elsewhere_says_how_it_comes_into_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["template", "export", "laphar", "--to", str(tmp_path / "new")]) == 0
    assert f"they are used with CICERO_TEMPLATES={tmp_path / 'new'}\n" in capsys.readouterr().err
    assert main(["template", "export"]) == 2


@pytest.mark.parametrize(
    ("name", "wording", "reason"),
    [
        (
            "laphar.txt.j2",
            "{% for section in sections %}{% if not section.is_listed %}{{ klien }}{% endif %}{% endfor %}x",
            "the template laphar.txt.j2 cannot be used: 'klien' is undefined",
        ),
        (
            "laphar.txt.j2",
            "{{ client }}{% for section in sections %}{{ section.posts[0].url }}{% endfor %}",
            "the template laphar.txt.j2 cannot be used: tuple object has no element 0",
        ),
        (
            "reminder.txt.j2",
            "{% if stage == 'last' %}{{ 1 // 0 }}{% endif %}x",
            "the template reminder.txt.j2 cannot be used: integer division or modulo by zero",
        ),
        (
            "reminder.txt.j2",
            "{% if insta %}Halo{% endif %}",
            "the template reminder.txt.j2 makes an empty message on some days",
        ),
    ],
)
def test_a_fault_that_only_some_days_reach_is_found_beforehand(
    name: str, wording: str, reason: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / name).write_text(wording)

    assert main(["template", "check"]) == 78
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"{name}: {reason}\n")


def test_doctor_tries_the_units_own_templates(cicero: Run, folder: Path) -> None:
    def found() -> list[tuple[str, str]]:
        findings = json.loads(cicero("doctor", "--json").stdout)
        return [(one["verdict"], one["found"]) for one in findings if one["area"] == "template"]

    assert found() == [("ok", f"the templates of {folder} can be used")]

    (folder / "laphar.txt.j2").write_text("{{ klien }}")
    assert found() == [("bad", "the template laphar.txt.j2 cannot be used: 'klien' is undefined")]


def test_a_client_has_a_wording_of_its_own(cicero: Run, folder: Path) -> None:
    for name in ("polres_a", "polres_b"):
        cicero("client", "add", name, "--nama", "Polres A", "--insta", name)
        cicero("user", "add", name, "--client", name, "--nama", "Ani", "--whatsapp", "081211110001")
    exported = cicero("template", "export", "laphar", "--client", "polres_a")
    own = folder / "POLRES_A" / "laphar.txt.j2"
    assert exported.stdout == f"{own}\n"
    own.write_text("Milik {{ client }}")

    shown = [
        cicero("laphar", "show", "insta", "--client", each).stdout
        for each in ("polres_a", "polres_b")
    ]
    assert shown[0] == "Milik Polres A\n"
    assert "Milik" not in shown[1]
    assert (
        cicero("template", "show", "laphar", "--client", "polres_a").stdout
        == "Milik {{ client }}\n"
    )
    assert "Milik" not in cicero("template", "show", "laphar", "--client", "polres_b").stdout
    rows = json.loads(cicero("template", "list", "--json").stdout)
    assert [row["name"] for row in rows] == [
        "laphar.txt.j2",
        "POLRES_A/laphar.txt.j2",
        "rekap.txt.j2",
        "tugas.txt.j2",
        "peringkat.txt.j2",
        "reminder.txt.j2",
    ]

    own.write_text("{{ klien }}")
    assert cicero("template", "check").stderr == (
        "POLRES_A/laphar.txt.j2: the template POLRES_A/laphar.txt.j2 cannot be used: 'klien' is undefined\n"
    )
    own.parent.rename(folder / "polres_a")
    assert "is not used" in cicero("template", "check").stderr
