"""The commands of a record, as somebody types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from homeward.formats import read_case
from homeward.record.consent import typed_living

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "case-folder" / "valid" / "example"
Run = Callable[..., Any]


@pytest.fixture
def url(run: Run, tmp_path: Path) -> str:
    """A record with an administrator, a coordinator who is also a geneticist, and the example."""
    url = f"sqlite:///{tmp_path / 'case.db'}"
    assert run("record", "create", url).code == 0
    assert run("user", "add", url, "adam", "--name", "Adam", "--role", "administrator").code == 0
    roles = ("--role", "coordinator", "--role", "geneticist")
    assert run("user", "add", url, "ann", "--name", "Ann", *roles, "--as", "adam").code == 0
    consent = tmp_path / "consent.csv"
    rows = [f"{s.removeprefix('person:')},identification,JP;KR,2026-01-01" for s in typed_living(read_case(FOLDER))]
    consent.write_text("\n".join(["subject,purposes,countries,since", *rows]) + "\n")
    taking = ("record", "import", str(FOLDER), url, "--as", "ann", "--consent", str(consent))
    preview = run(*taking)
    assert preview.code == 0, preview.err
    done = run(*taking, "--apply", preview.out.split()[-1])
    assert done.code == 0, done.err
    return url


def test_a_record_stands_wherever_a_folder_can(run: Run, url: str, tmp_path: Path) -> None:
    for place, file in ((url, "a.json"), (str(FOLDER), "b.json")):
        assert (
            run("identify", place, "--json", str(tmp_path / file), "--html", str(tmp_path / f"{file}.html")).code == 0
        )
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert (tmp_path / "a.json.html").read_bytes() == (tmp_path / "b.json.html").read_bytes()
    assert run("verify", str(tmp_path / "a.json"), url).code == 0
    assert run("check", url).out == run("check", str(FOLDER)).out


def test_an_analysis_by_the_queue(run: Run, url: str) -> None:
    id = run("record", "analyse", url, "--as", "ann", "--seed", "3").out.split()[-1]
    assert run("work", url, "--once").out == "jobs ended: 1\n"
    assert run("record", "rerun", url, id).out == f"{id}: the same bytes\n"


def test_who_may_not_is_told_so(run: Run, url: str) -> None:
    for command, code, status in (
        (("record", "analyse", url, "--as", "adam"), "role", 3),
        (("record", "analyse", url), "missing-account", 2),
        (("record", "analyse", url, "--as", "nobody"), "unknown-account", 3),
        (("user", "add", url, "eve", "--name", "Eve", "--role", "auditor"), "missing-account", 2),
        (("record", "create", url), "target-exists", 2),
        (("identify", url + "x"), "missing-file", 2),
        (("record", "show", "mysql://x"), "bad-url", 2),
    ):
        told = run(*command)
        assert (told.code, code in told.err) == (status, True), (command, told.err)


def test_an_edit_by_hand_is_exit_4(run: Run, url: str) -> None:
    import sqlite3

    assert run("audit", "verify", url).code == 0
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE version SET owner = 'x' WHERE kind = 'remains'")
    told = run("audit", "verify", url)
    assert (told.code, told.err.split()[0]) == (4, "content-changed")
    entries = json.loads(run("audit", "list", url, "--json", "-").out)["entries"]
    assert [e["kind"] for e in entries] == ["open-account", "open-account", "import-case"]


def test_backup_restore_and_the_keys(run: Run, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, again = tmp_path / "b.hwb", f"sqlite:///{tmp_path / 'again.db'}"
    assert run("backup", url, str(file)).code == 0
    assert "missing-keys" in run("restore", str(file), again).err
    monkeypatch.setenv("HOMEWARD_KEYS", str(tmp_path / "case.db.keys"))
    told = run("restore", str(file), again)
    assert told.code == 0, told.err
    assert json.loads(run("record", "show", again, "--json", "-").out)["things"]["family"] == 1
    assert run("migrate", again).out.startswith("schema: ")


def test_a_name_in_another_script_is_found(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    for file in FOLDER.iterdir():
        if file.is_file():
            (folder / file.name).write_bytes(file.read_bytes())
    toml = (FOLDER / "case.toml").read_text().replace("size = 1", "size = 9")
    (folder / "case.toml").write_text(toml)
    (folder / "missing.csv").write_text("missing,name\nL1,金本永浩\nL2,李相國\n")
    told = json.loads(run("names", str(folder), "김영호", "--json", "-").out)["candidates"]
    assert [c["id"] for c in told] == ["L1"]
    assert "imposed-derivation" in [r["code"] for r in told[0]["reasons"]]
    assert "nobody" in run("names", str(folder), "Takahashi").out


def test_a_record_tells_names_to_those_who_may(run: Run, url: str) -> None:
    assert run("names", url, "Kim", "--as", "ann").code == 0
    told = run("names", url, "Kim", "--as", "adam")
    assert (told.code, "role" in told.err) == (3, True)
