"""`homeward report`, and bundles under `homeward verify`."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest

from homeward.formats.letterhead import MOST_LOGO

Run = Callable[..., Any]
LETTERHEAD = 'name = "Institute"\naddress = ["Quay 1", "港"]\ncontact = "a telephone"\nlogo = "logo.svg"\n'
SIGNED = "sample,missing,signed,date\nV1,F1/M1,Inoue Sadao;Park Minji,2026-03-09\n"


@pytest.fixture
def letterhead(tmp_path: Path) -> Path:
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>')
    file = tmp_path / "letterhead.toml"
    file.write_text(LETTERHEAD, encoding="utf-8")
    return file


def test_every_form_at_once_and_the_same_from_a_result(run: Run, case: Path, letterhead: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"report.{form}" for form in ("pdf", "html", "json")]
    options = ("--sample", "V1", "--language", "ja", "--letterhead", letterhead, "--date", "2026-03-10")
    done = run("report", case, *options, "--pdf", files[0], "--html", files[1], "--json", files[2])
    assert (done.code, done.out) == (0, "")
    printed = "".join(page.extract_text() for page in pypdf.PdfReader(files[0]).pages)
    assert "6, 9.3" in printed, "a genotype of the remains goes from profiles.csv to the PDF"
    assert "6, 7" not in printed, "and none of the living"
    told = json.loads(files[2].read_bytes())
    assert told["letterhead"] == ["Institute", "Quay 1", "港", "a telephone"]
    assert (told["facts"]["missing"], told["date"], told["language"]) == ("F1/M1", "2026-03-10", "ja")
    result = tmp_path / "result.json"
    run("identify", case, "--json", result)
    again = tmp_path / "again.pdf"
    assert run("report", case, "--result", result, *options, "--pdf", again).code == 0
    assert again.read_bytes() == files[0].read_bytes()


def test_a_letter_of_what_the_case_says_was_signed(run: Run, case: Path, tmp_path: Path) -> None:
    done = run("report", case, "--kind", "letter", "--sample", "V1", "--html", "-")
    assert done.code == 3 and "not-identified" in done.err
    (case / "identifications.csv").write_text(SIGNED, encoding="utf-8")
    done = run("report", case, "--kind", "letter", "--sample", "V1", "--html", "-", "--date", "2026-03-10")
    assert done.code == 0
    assert "Inoue Sadao and Park Minji" in done.out and "10 March 2026" in done.out
    told = json.loads(run("report", case, "--sample", "V1", "--json", "-").out)
    assert [s["name"] for s in told["facts"]["signatures"]] == ["Inoue Sadao", "Park Minji"]


def test_a_bundle_is_verified_alone_or_with_its_case(run: Run, case: Path, letterhead: Path, tmp_path: Path) -> None:
    whole, bare = tmp_path / "whole.zip", tmp_path / "bare.zip"
    options = ("--kind", "bundle", "--sample", "V1", "--letterhead", letterhead, "--language", "ko")
    assert run("report", case, *options, "--zip", whole).code == 0
    assert run("report", case, *options, "--zip", bare, "--without-case").code == 0
    assert run("verify", whole).code == 0
    assert run("verify", bare, case).code == 0
    done = run("verify", bare)
    assert done.code == 2 and "made without the case" in done.err
    again = tmp_path / "again.zip"
    run("report", case, *options, "--zip", again)
    assert again.read_bytes() == whole.read_bytes()
    with zipfile.ZipFile(bare) as archive:
        names = archive.namelist()
        assert not [n for n in names if n.startswith("case/")]
        assert "homeward verify BUNDLE.zip CASE" in archive.read("README.md").decode()
        assert b"numpy==" in archive.read("versions.txt")


def rewritten(bundle: Path, name: str, change: Callable[[bytes], bytes], *, summed: bool) -> Path:
    """The bundle with one file changed, and, where ``summed``, its SHA-256 put right."""
    from homeward.formats.bundle import bundle_bytes, read_bundle

    found = read_bundle(bundle)
    files = {k: v for k, v in found.files.items() if k != "bundle.json"}
    assert change(files[name]) != files[name]
    files[name] = change(files[name])
    target = bundle.with_name("altered.zip")
    if summed:
        head = {k: v for k, v in found.head.items() if k not in ("files", "format")}
        target.write_bytes(bundle_bytes(head, files))
        return target
    with zipfile.ZipFile(target, "w") as archive:
        for k, v in {**files, "bundle.json": found.files["bundle.json"]}.items():
            archive.writestr(k, v)
    return target


def test_a_bundle_that_was_altered_says_where(run: Run, case: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.zip"
    run("report", case, "--kind", "bundle", "--sample", "V1", "--zip", bundle)
    changes: list[tuple[str, Callable[[bytes], bytes], str]] = [
        ("report.json", lambda b: b.replace(b'"log10_lr":', b'"log10_lr" :', 1), "report.json"),
        ("report.html", lambda b: b.replace(b"H1", b"H3", 1), "report.html"),
        ("result.json", lambda b: b.replace(b'"exclusions":0', b'"exclusions":1', 1), "result.json"),
        ("case/profiles.csv", lambda b: b.replace(b"9.3", b"9", 1), "case"),
    ]
    for name, change, told in changes:
        done = run("verify", rewritten(bundle, name, change, summed=False))
        assert done.code == 4 and name in done.err
        done = run("verify", rewritten(bundle, name, change, summed=True))
        assert done.code == 4 and told in done.err, name
    done = run("verify", bundle, case.parent / "case")
    assert done.code == 0
    (case / "profiles.csv").write_text((case / "profiles.csv").read_text().replace("6,9.3", "6,6"))
    done = run("verify", bundle, case)
    assert done.code == 4 and done.err.rstrip().endswith("gives: case")


def test_what_is_no_bundle(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "other.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("bundle.json", "[1]")
    assert "bad-bundle" in run("verify", file).err
    file.write_bytes(file.read_bytes()[:40])
    done = run("verify", file)
    assert done.code == 2 and "bad-bundle" in done.err
    (tmp_path / "result.json").write_text("{}")
    assert "bad-argument" in run("verify", tmp_path / "result.json").err


def test_what_cannot_be_written_is_said_before_any_work(run: Run, case: Path, tmp_path: Path) -> None:
    pdf = ("--pdf", tmp_path / "x.pdf")
    for options, code, status in (
        (("--sample", "V1"), "bad-argument", 2),
        (pdf, "bad-argument", 2),
        (("--sample", "V1", "--zip", tmp_path / "x.zip"), "bad-argument", 2),
        (("--kind", "bundle", "--sample", "V1", *pdf), "bad-argument", 2),
        (("--kind", "custody", *pdf), "bad-argument", 2),
        (("--kind", "custody", "--remains", "V1", *pdf), "needs-record", 2),
        (("--kind", "status", *pdf), "needs-record", 2),
        (("--sample", "V1", "--date", "yesterday", *pdf), "bad-date", 2),
        (("--sample", "V1", "--language", "fr", *pdf), "unknown-language", 2),
        (("--sample", "V9", *pdf), "unknown-sample", 2),
        (("--sample", "V1", "--missing", "F1/C1", *pdf), "unknown-pair", 2),
        (("--sample", "V1", "--pdf", case / "pedigrees.csv"), "target-is-input", 2),
    ):
        done = run("report", case, *options)
        assert done.code == status and code in done.err, options
    assert not (tmp_path / "x.pdf").exists()


def test_a_letterhead_is_checked_whole(run: Run, case: Path, letterhead: Path, tmp_path: Path) -> None:
    options = ("--sample", "V1", "--json", "-", "--letterhead", letterhead)
    for text, codes in (
        ("name = ", {"bad-toml"}),
        ('name = 1\naddress = "x"\nfax = ""', {"bad-value", "unknown-field"}),
        ('logo = "../secret"', {"bad-value"}),
        ('logo = "absent.svg"', {"missing-file"}),
        ('logo = "letterhead.toml"', {"bad-logo"}),
        ('logo = "large.svg"', {"bad-logo"}),
    ):
        letterhead.write_text(text, encoding="utf-8")
        (tmp_path / "large.svg").write_bytes(b"<svg>" + b" " * MOST_LOGO)
        done = run("report", case, *options)
        assert done.code == 2
        assert {code for code in codes if code in done.err} == codes


def test_a_record_is_asked_by_an_account(run: Run, case: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'case.db'}"
    run("record", "create", url)
    run("user", "add", url, "adam", "--name", "Adam", "--role", "administrator")
    run("user", "add", url, "gen", "--name", "Gen", "--role", "geneticist", "--as", "adam")
    html = ("--html", "-")
    assert "missing-account" in run("report", url, "--kind", "status", *html).err
    done = run("report", url, "--kind", "status", "--as", "gen", *html)
    assert done.code == 2 and "not-found" in done.err
    done = run("report", url, "--sample", "V1", "--as", "adam", *html)
    assert done.code == 3 and "role" in done.err
    done = run("report", url, "--sample", "V1", "--as", "gen", *html)
    assert done.code == 3 and "not-found" in done.err
