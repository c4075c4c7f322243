"""`docs/case-folder.md` says what the reader does: defaults, elements, and every code."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from homeward.case import Case, Family, FrequencyTable, Hypothesis, Settings
from homeward.case.elements import ELEMENTS
from homeward.faults import Fault, Refusal
from homeward.formats import read_case, read_result_json, read_settings, write_case
from homeward.formats.case_folder.case_toml import UNNAMED, read_case_toml
from homeward.genetics import scenarios_of
from homeward.identify import identify
from homeward.pedigree import Member, Pedigree

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "case-folder.md").read_text(encoding="utf-8")
FORMATS = ROOT / "src" / "homeward" / "formats"
# the modules a case folder is read with; other formats have their codes in docs/formats.md
OWN = ("__init__.py", "alleles.py", "profiles_csv.py", "results.py", "source.py", "table.py")
EXAMPLE = ROOT / "docs" / "case-folder" / "valid" / "example"


def documented() -> set[str]:
    table = set(re.findall(r"^\| `([a-z0-9-]+)` \|", DOCUMENT.partition("## Faults")[2], flags=re.MULTILINE))
    more = DOCUMENT[DOCUMENT.index("The library and the command line have a few more") :].partition("\n\n")[0]
    return table | set(re.findall(r"`([a-z0-9-]+)`", more))


def used() -> Iterator[str]:
    """The codes in the source: first arguments of fault calls, and what is assigned to `code`."""
    for file in [*map(FORMATS.joinpath, OWN), *(FORMATS / "case_folder").glob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in ("Fault", "fault"):
                    yield from strings(node.args[0])
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
                first = node.targets[0].elts[0]
                if isinstance(first, ast.Name) and first.id == "code":
                    branches = [node.value]
                    if isinstance(node.value, ast.IfExp):
                        branches = [node.value.body, node.value.orelse]
                    for value in branches:
                        assert isinstance(value, ast.Tuple)
                        yield from strings(value.elts[0])


def strings(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def of_examples() -> set[str]:
    files = (ROOT / "docs" / "case-folder" / "invalid").glob("*.faults.json")
    return {fault["code"] for file in files for fault in json.loads(file.read_text(encoding="utf-8"))}


def refused(action: Callable[[], object]) -> set[str]:
    with pytest.raises(Refusal) as refusal:
        action()
    return {f.code for f in refusal.value.faults}


def file(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


def loop(tmp_path: Path) -> Path:
    (tmp_path / "case.toml").symlink_to(tmp_path / "case.toml")
    return tmp_path


def out_of_order(tmp_path: Path) -> set[str]:
    """A folder holds hypotheses in the order of their names."""
    people = Pedigree([Member("F/A"), Member("F/B")])
    case = Case("Order", hypotheses=(Hypothesis("b", people), Hypothesis("a", people)))
    return {f.code for f in write_case(case, tmp_path / "case")}


def mixed() -> Case:
    tables = (FrequencyTable("a", True, {"TH01": {"6": 2.0}}), FrequencyTable("b", False, {"TH01": {"6": 1.0}}))
    return Case("Mixed", populations=tables)


# what no folder that git can carry would show
ELSEWHERE: dict[str, Callable[[Path], set[str]]] = {
    "unreadable-file": lambda tmp: refused(lambda: read_case(loop(tmp))),
    "no-case": lambda tmp: refused(
        lambda: read_case(file(tmp, "a.csv", "sample,marker,allele1,allele2\nV,TH01,6,7\n"))
    ),
    "unknown-format": lambda tmp: refused(lambda: read_case(file(tmp, "a.xlsx", "?"))),
    "target-exists": lambda tmp: refused(lambda: write_case(read_case(EXAMPLE), file(tmp, "a", "?").parent)),
    "not-writable": lambda tmp: refused(lambda: write_case(mixed(), tmp / "case")),
    "not-held": out_of_order,
    "bad-json": lambda tmp: refused(lambda: read_result_json(file(tmp, "a.json", "{"))),
    "bad-result": lambda tmp: refused(lambda: read_result_json(file(tmp, "a.json", "{}"))),
}


def test_every_code_used_is_documented_and_every_documented_code_is_used() -> None:
    below = [(ROOT / "src/homeward" / file).read_text("utf-8") for file in ("pedigree/values.py", "case/doubts.py")]
    raised = {code for text in below for code in re.findall(r'Fault\(\s*"([a-z-]+)"', text)}
    assert set(used()) | raised == documented()


def test_every_documented_code_is_shown_by_an_example_or_below() -> None:
    assert documented() == of_examples() | set(ELSEWHERE)


@pytest.mark.parametrize("code", ELSEWHERE)
def test_codes_that_no_example_folder_can_show(code: str, tmp_path: Path) -> None:
    assert code in ELSEWHERE[code](tmp_path)


def test_the_defaults_in_the_document_are_the_defaults() -> None:
    toml = re.search(r"```toml\n(.*?)```", DOCUMENT, flags=re.DOTALL)
    assert toml
    faults: list[Fault] = []
    said = read_case_toml(toml[1], faults)
    assert not faults
    assert (said.settings, said.name) == (Settings(), UNNAMED)
    assert read_settings("") == Settings()
    keys = {f"{section}.{key}" for section, part in Settings.__dataclass_fields__.items() for key in part_keys(section)}
    said_keys = {key for key in said.lines or {} if "." in key}
    assert keys - said_keys == {"incident.size", "model.population"}, "the two whose default depends on the case"


def part_keys(section: str) -> list[str]:
    return list(type(getattr(Settings(), section)).__dataclass_fields__)


def test_the_elements_in_the_document_are_the_elements() -> None:
    section = re.search(r"^## Elements\n(.*?)^## ", DOCUMENT, flags=re.DOTALL | re.MULTILINE)
    assert section
    lists = re.findall(r"^- ([a-z ,]+): (.*?)(?=^- |^\S|\n\n)", section[1], flags=re.DOTALL | re.MULTILINE)
    said = {word: kind.split(",")[0] for kind, words in lists for word in words.split()}
    assert said == dict(ELEMENTS)


def test_a_family_the_document_forbids_is_refused_in_the_folder_form(tmp_path: Path) -> None:
    case = Case("Slash", families=(Family("F/1", Pedigree([Member("A")]), ("A",)),))
    assert refused(lambda: write_case(case, tmp_path / "case")) == {"bad-id"}
    assert list(tmp_path.iterdir()) == [], "nothing is half written"


def test_the_example_of_old_bones_in_the_document_can_be_computed(tmp_path: Path) -> None:
    (block,) = re.findall(r"```\n(== case\.toml\n.*?)```", DOCUMENT, flags=re.DOTALL)
    for name, content in re.findall(r"== (\S+)\n(.*?)(?=^== |\Z)", block, flags=re.DOTALL | re.MULTILINE):
        file(tmp_path, name, content)
    case = read_case(tmp_path)
    result = identify(case, scenarios_of(case), seed=1)
    pair = result.pair["bone-1", "Ota/Ota_Jun"]
    assert len(pair.terms) == 3 and [p for p, _ in pair.by_population] == ["north", "south"]
    assert next(s for s in result.samples if s.id == "bone-1").dropout is not None
    assert sorted(v.prior for v in result.variants) == pytest.approx([0.1, 0.9])
    assert result.scenarios[0].model.locus["TPOX"].silent is not None
