"""docs/lineages.md carries the bundled databases, kits and rates as they are."""

from pathlib import Path

from homeward.genetics.haplotypes import bundled_databases
from homeward.genetics.y import y_kits, y_markers, y_rate

PAGE = (Path(__file__).parents[3] / "docs" / "lineages.md").read_text(encoding="utf-8")


def test_databases() -> None:
    for d in bundled_databases():
        row = (d.id, d.population, str(d.persons), d.status, d.source, d.reference, d.licence, d.note)
        assert f"| {' | '.join(row)} |" in PAGE


def test_kits_and_rates() -> None:
    for kit, markers in y_kits().items():
        assert f"| {kit} | {', '.join(markers)} |" in PAGE
    for m in y_markers():
        counts = f"{'' if m.mutations is None else m.mutations} | {'' if m.meioses is None else m.meioses}"
        assert f"| {m.name} | {m.copies} | {counts} | {y_rate(m.name):.5f} |" in PAGE


def test_copies_are_sourced_or_said_not_to_be() -> None:
    unsourced = [m.name for m in y_markers() if m.copies_source == "not checked against a source"]
    told = PAGE.partition("**Not checked against")[2].partition(". More")[0]
    assert all(m.copies_source for m in y_markers())
    assert [m for m in (x.name for x in y_markers()) if m in told] == unsourced
    assert all(bool(m.source) == (m.mutations is not None) for m in y_markers())
