"""The way of an item from hand to hand: gaps are found and told."""

from __future__ import annotations

import pytest

from homeward.record.values import Custody, Recovery
from homeward.report import Words
from homeward.web.custody import chain_of, chain_svg

POLICE = Custody("R-1", "2025-09-01", "Divers", "Police", "Ube", "S-1")
MUSEUM = Custody("R-1", "2025-09-20", "police ", "Museum", "Ube", "S-1")


def gaps(*handovers: Custody, found: Recovery | None = None) -> list[tuple[str, str, str]]:
    return [(g.kind, g.holder, g.giver) for g in chain_of("R-1", handovers, found).gaps]


def test_a_whole_chain_has_no_gap() -> None:
    assert gaps(POLICE, MUSEUM, found=Recovery(None, "2025-08-25", "divers")) == []
    assert gaps(POLICE, MUSEUM) == []
    assert gaps(POLICE, MUSEUM, found=Recovery(12.0, "2025-08-25", "")) == []


@pytest.mark.parametrize(
    ("handovers", "found", "wanted"),
    [
        ((POLICE,), Recovery(None, "2025-08-25", "Fishermen"), [("holder", "Fishermen", "Divers")]),
        ((POLICE,), Recovery(None, "2025-10-01", "Divers"), [("order", "Divers", "Divers")]),
        ((MUSEUM, Custody("R-1", "2025-09-02", "Museum", "Laboratory", "Ube")), None, [("order", "Museum", "Museum")]),
        ((POLICE, Custody("R-1", "", "Police", "Museum", "Ube")), None, [("undated", "Police", "Police")]),
        ((POLICE, Custody("R-1", "soon", "Police", "Museum", "Ube")), None, [("undated", "Police", "Police")]),
    ],
)
def test_what_is_not_known_is_told(
    handovers: tuple[Custody, ...], found: Recovery | None, wanted: list[tuple[str, str, str]]
) -> None:
    assert gaps(*handovers, found=found) == wanted
    drawn = chain_svg(chain_of("R-1", handovers, found), "2026-01-01", Words("ko"))
    assert "stroke-dasharray" in drawn and "인계 기록 없음" in drawn
