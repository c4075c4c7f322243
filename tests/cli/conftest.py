"""One way to run the command line in this process, and a case small enough to know by heart."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from homeward.cli import main

PEDIGREES = "family,person,father,mother,sex,missing\nF1,M1,,,male,yes\nF1,W1,,,female,\nF1,C1,M1,W1,female,\n"
REMAINS = "remains,sex,element,side\nV1,male,femur,left\nV2,unknown,cranium,\n"
PROFILES = "sample,marker,allele1,allele2\nV1,TH01,6,9.3\nV1,TPOX,8,8\nV2,TH01,7,9\nF1/C1,TH01,6,7\nF1/C1,TPOX,8,11\n"
FREQUENCIES = (
    "population,marker,allele,frequency\nexample,TH01,6,0.2\nexample,TH01,7,0.25\nexample,TH01,9,0.15\n"
    "example,TH01,9.3,0.05\nexample,TH01,8,0.35\nexample,TPOX,8,0.5\nexample,TPOX,11,0.5\n"
)
TOML = """format = "homeward-case 1"
name = "Example"

[incident]
size = 1
strangers = 0.5
samples_are = "bodies"

[model]
population = "example"
mutation = "none"
"""


@dataclass(frozen=True)
class Ran:
    """What one run of the command line left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]
Mixture = Callable[[Path], None]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["homeward", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        shown = capfd.readouterr()
        assert isinstance(left.value.code, int)
        return Ran(left.value.code, shown.out, shown.err)

    return call


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """The worked example of the case folder's specification."""
    folder = tmp_path / "case"
    folder.mkdir()
    for name, text in (
        ("pedigrees.csv", PEDIGREES),
        ("remains.csv", REMAINS),
        ("profiles.csv", PROFILES),
        ("frequencies.csv", FREQUENCIES),
        ("case.toml", TOML),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def paternity(case: Path) -> Path:
    """The same with both people of interest typed, and two hypotheses about them."""
    with (case / "profiles.csv").open("a", encoding="utf-8") as file:
        file.write("F1/M1,TH01,6,9.3\nF1/M1,TPOX,8,8\n")
    hypotheses = case / "hypotheses"
    hypotheses.mkdir()
    header = "family,person,father,mother,sex\n"
    (hypotheses / "father.csv").write_text(header + "F1,M1,,,male\nF1,W1,,,female\nF1,C1,M1,W1,female\n")
    (hypotheses / "unrelated.csv").write_text(header + "F1,M1,,,male\nF1,C1,,,female\n")
    return case


@pytest.fixture
def mixture() -> Mixture:
    """Makes a case's population a mixture."""

    def make(case: Path) -> None:
        """Two populations, of which one has TH01 6 at 0.2 and the other at 0.4."""
        table = case / "frequencies.csv"
        rows = table.read_text(encoding="utf-8")
        other = rows.partition("\n")[2].replace("example,", "other,")
        other = other.replace("TH01,6,0.2\n", "TH01,6,0.4\n").replace("TH01,8,0.35\n", "TH01,8,0.15\n")
        table.write_text(rows + other, encoding="utf-8")
        toml = case / "case.toml"
        parts = '[{id = "example", weight = 0.75}, {id = "other", weight = 0.25}]'
        toml.write_text(toml.read_text(encoding="utf-8").replace('"example"', parts), encoding="utf-8")

    return make
